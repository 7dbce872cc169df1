// Keeps `propagateTo` where the stock instrumentations write the headers, and says what cannot be kept there.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { Instrumentation, InstrumentationConfig } from '@opentelemetry/instrumentation';
import { guarded } from '../shared/guard.ts';
import { PACKAGE, VERSION } from '../shared/version.ts';
import { beginStockMode, endStockMode } from '../trust/stock-mode.ts';
import { nodeInjector } from './node-headers.ts';
import { targetOf } from './node-target.ts';
import { undiciTargetOf } from './undici-client.ts';
import { type UndiciRequest, undiciInjector } from './undici-headers.ts';

const onNodeRequest = guarded('holding back headers', (message: unknown) => {
  const { request } = message as { request: ClientRequest };
  nodeInjector.holdBack(request, targetOf(request));
});

const onUndiciRequest = guarded('holding back headers', (message: unknown) => {
  const { request } = message as { request: UndiciRequest };
  undiciInjector.holdBack(request, undiciTargetOf(request));
});

/**
 * Takes headers off outgoing requests again that their hosts may not hear. It must be enabled after the instrumentations
 * that write them, because listeners to a channel are called in the order in which they came.
 */
export class OutgoingGuard implements Instrumentation {
  readonly instrumentationName: string = PACKAGE;
  readonly instrumentationVersion: string = VERSION;
  #isEnabled = false;

  enable(): void {
    if (this.#isEnabled) return;
    this.#isEnabled = true;
    beginStockMode();
    subscribe('http.client.request.created', onNodeRequest);
    subscribe('undici:request:create', onUndiciRequest);
  }

  disable(): void {
    this.#isEnabled = false;
    endStockMode();
    unsubscribe('http.client.request.created', onNodeRequest);
    unsubscribe('undici:request:create', onUndiciRequest);
  }

  setTracerProvider(_provider: TracerProvider): void {}

  setMeterProvider(_provider: MeterProvider): void {}

  setConfig(_config: InstrumentationConfig): void {}

  getConfig(): InstrumentationConfig {
    return { enabled: this.#isEnabled };
  }
}
