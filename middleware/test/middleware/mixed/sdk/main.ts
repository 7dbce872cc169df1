// Starts an SDK that mixes our instrumentations with the stock ones, as CASE says.

import http from 'node:http';
import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { ExpressChannelInstrumentation, HttpChannelInstrumentation } from '../../../../src/index.ts';
import { sharedState } from '../../../../src/shared/state.ts';
import { settleOnRequest } from '../../../conformance/harness/settle.ts';
import type { Case } from '../cases.ts';

const CASES: Readonly<Record<Case, () => Instrumentation[]>> = {
  'stock http, our Express': () => [new HttpInstrumentation(), new ExpressChannelInstrumentation()],
  'stock first': () => [
    new HttpInstrumentation(),
    new HttpChannelInstrumentation(),
    new ExpressChannelInstrumentation(),
  ],
  'ours first': () => [
    new HttpChannelInstrumentation(),
    new ExpressChannelInstrumentation(),
    new HttpInstrumentation(),
  ],
  'all stock, tracing() joins': () => [
    new HttpInstrumentation(),
    new ExpressInstrumentation(),
    new UndiciInstrumentation(),
  ],
  'stock outgoing only': () => [
    new HttpInstrumentation({ disableIncomingRequestInstrumentation: true }),
    new HttpChannelInstrumentation(),
    new ExpressChannelInstrumentation(),
  ],
};

/** As a library has it that was loaded before the SDK. */
(globalThis as { earlyGet?: typeof http.get }).earlyGet = http.get;

let open = 0;
const counting: SpanProcessor = {
  onStart() {
    open += 1;
  },
  onEnd() {
    open -= 1;
  },
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const batches = new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
new NodeSDK({
  instrumentations: CASES[process.env.CASE as Case](),
  spanProcessors: [counting, batches],
}).start();
settleOnRequest({ open: () => open, flush: () => batches.forceFlush(), faults: () => sharedState().faults });
