// Traces into memory with an SDK of its own, and takes all of it away again.

import { context, propagation, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { ExpressChannelInstrumentation } from '../express/express-channel-instrumentation.ts';
import { HttpChannelInstrumentation } from '../http/http-channel-instrumentation.ts';
import { DefaultPropagator } from '../propagation/index.ts';
import { limitsFrom } from '../recording/limits.ts';
import { RandomIds } from '../recording/random-ids.ts';
import { Recorder } from '../recording/recorder.ts';
import { alwaysOn } from '../sampling/samplers.ts';
import { KeptSpanPropagator, SpanShaper } from '../shaping/index.ts';
import { registerContextManager } from '../shared/active-context.ts';
import { sharedState } from '../shared/state.ts';
import { processCounts } from '../start/process-counts.ts';
import type { TracingHandle } from '../start/types.ts';
import { reportLostContext } from '../trust/watch-callers.ts';
import type { CompleteCaptureOptions } from './capture-options.ts';
import { WithoutCallsOfTest } from './test-calls.ts';
import type { TraceBook } from './trace-book.ts';

export interface MemoryTracing {
  /** Hands spans on that wait for the end of their run. */
  release(): void;
  stop(): Promise<void>;
}

/** Every request is sampled and read and written as W3C Trace Context, whatever the environment says. */
export function traceInto(book: TraceBook, options: CompleteCaptureOptions): MemoryTracing {
  const shaper = new SpanShaper([keepIn(book)], options);
  const provider = new Recorder({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.service }),
    sampler: alwaysOn,
    limits: limitsFrom(),
    ids: new RandomIds(),
    processor: inTurn(shaper, countIn(book)),
  });
  registerContextManager();
  propagation.setGlobalPropagator(new KeptSpanPropagator(new DefaultPropagator()));
  trace.setGlobalTracerProvider(provider);
  const instrumentations: Instrumentation[] = [
    new HttpChannelInstrumentation(),
    new ExpressChannelInstrumentation({ layers: options.layers }),
    ...options.instrumentations,
  ];
  const forInstrumentations = options.callsOfTest ? provider : new WithoutCallsOfTest(provider);
  for (const instrumentation of instrumentations) {
    instrumentation.setTracerProvider(forInstrumentations);
    if (!instrumentation.getConfig().enabled) instrumentation.enable();
  }
  const leave = enter(book, options.service);
  return {
    release: () => shaper.releaseHeld(),
    stop: async () => {
      for (const instrumentation of instrumentations) instrumentation.disable();
      for (const api of [trace, context, propagation]) api.disable();
      leave();
      await provider.shutdown();
    },
  };
}

/** What the rest of the package finds of us while we trace: nothing starts beside us, and nothing is printed. */
function enter(book: TraceBook, service: string): () => void {
  const state = sharedState();
  const handle: TracingHandle = {
    forceFlush: async () => {},
    shutdown: async () => {},
    stats: () => ({ ...book.counts, ...NOTHING_SENT, ...processCounts() }),
  };
  const { log } = state;
  state.handle = handle;
  state.service = { name: service, isFixed: false };
  state.log = () => {};
  state.watcher = book;
  return () => {
    // What is counted for a line in a minute leaves a timer.
    reportLostContext();
    state.handle = undefined;
    state.service = undefined;
    state.log = log;
    state.watcher = undefined;
  };
}

const NOTHING_SENT = { unsampled: 0, exported: 0, queued: 0, dropped: {} };

function keepIn(book: TraceBook): SpanProcessor {
  return { ...SILENT, onStart: () => {}, onEnd: (span) => book.kept(span) };
}

function countIn(book: TraceBook): SpanProcessor {
  return { ...SILENT, onStart: (span) => book.started(span), onEnd: (span) => book.ended(span) };
}

function inTurn(first: SpanProcessor, second: SpanProcessor): SpanProcessor {
  return {
    onStart(span, parent) {
      first.onStart(span, parent);
      second.onStart(span, parent);
    },
    onEnd(span) {
      first.onEnd(span);
      second.onEnd(span);
    },
    forceFlush: () => first.forceFlush(),
    shutdown: () => first.shutdown(),
  };
}

const SILENT = { forceFlush: async () => {}, shutdown: async () => {} };
