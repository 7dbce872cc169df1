// The two ways to make spans: by listening, or with OpenTelemetry's own patching instrumentations.

import type { IncomingMessage } from 'node:http';
import { register } from 'node:module';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { ExpressChannelInstrumentation } from '../express/express-channel-instrumentation.ts';
import { HttpChannelInstrumentation } from '../http/http-channel-instrumentation.ts';
import { isIgnoredHere } from '../http/ignore.ts';
import { OutgoingGuard } from '../http/outgoing-guard.ts';
import { loadPackage, ownLocation } from '../shared/load-package.ts';
import { layersOf } from './environment.ts';
import type { StartOptions } from './types.ts';

type Http = typeof import('@opentelemetry/instrumentation-http');
type Express = typeof import('@opentelemetry/instrumentation-express');
type Undici = typeof import('@opentelemetry/instrumentation-undici');

export function listeningInstrumentations({ layers }: StartOptions): Instrumentation[] {
  return [new HttpChannelInstrumentation(), new ExpressChannelInstrumentation({ layers: layersOf(layers) })];
}

let hasLoaderHook = false;

/** Must run before the application loads Express. */
export function stockInstrumentations(): Instrumentation[] {
  if (!hasLoaderHook) register('@opentelemetry/instrumentation/hook.mjs', ownLocation());
  hasLoaderHook = true;
  const { HttpInstrumentation } = loadPackage<Http>('@opentelemetry/instrumentation-http');
  const { ExpressInstrumentation } = loadPackage<Express>('@opentelemetry/instrumentation-express');
  const { UndiciInstrumentation } = loadPackage<Undici>('@opentelemetry/instrumentation-undici');
  return [
    new HttpInstrumentation({ ignoreIncomingRequestHook: isIgnoredRequest }),
    new ExpressInstrumentation(),
    new UndiciInstrumentation(),
    new OutgoingGuard(),
  ];
}

function isIgnoredRequest(request: IncomingMessage): boolean {
  return isIgnoredHere(request);
}
