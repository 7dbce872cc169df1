// The two ways to make spans: by listening, or with OpenTelemetry's own patching instrumentations.

import type { IncomingMessage } from 'node:http';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { ExpressChannelInstrumentation } from '../express/express-channel-instrumentation.ts';
import { HttpChannelInstrumentation } from '../http/http-channel-instrumentation.ts';
import { HEALTH_CHECKS, isIgnored } from '../http/ignore.ts';
import { sharedState } from '../shared/state.ts';

export function listeningInstrumentations(): Instrumentation[] {
  return [new HttpChannelInstrumentation(), new ExpressChannelInstrumentation()];
}

let hasLoaderHook = false;

/** Must run before the application loads Express. */
export function stockInstrumentations(): Instrumentation[] {
  if (!hasLoaderHook) register('@opentelemetry/instrumentation/hook.mjs', ownLocation());
  hasLoaderHook = true;
  return [
    new HttpInstrumentation({ ignoreIncomingRequestHook: isIgnoredRequest }),
    new ExpressInstrumentation(),
    new UndiciInstrumentation(),
  ];
}

function isIgnoredRequest(request: IncomingMessage): boolean {
  return isIgnored(request, HEALTH_CHECKS) || isIgnored(request, sharedState().ignore);
}

/** The URL of this file, found without `import.meta` because the package is also built as CommonJS. */
function ownLocation(): string {
  const name = util.getCallSites(1)[0]?.scriptName ?? '';
  return name.startsWith('file:') ? name : pathToFileURL(name).href;
}
