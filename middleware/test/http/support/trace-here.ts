// Traces in the process of the test itself, in plain Jest, and keeps the spans in memory.

import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { type StartOptions, startTracing, type TracingHandle } from '../../../src/index.ts';

export interface TracingHere {
  readonly tracing: TracingHandle;
  /** Every span since the last call, in the order of their ends; waits until none is open any more. */
  spans(): Promise<ReadableSpan[]>;
  stop(): Promise<void>;
}

export function traceHere(options: StartOptions = {}): TracingHere {
  const exporter = new InMemorySpanExporter();
  const tracing = startTracing({ exporter, log: () => undefined, ...options });
  const spans = async (): Promise<ReadableSpan[]> => {
    while (tracing.stats().started > tracing.stats().ended) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await tracing.forceFlush();
    const finished = exporter.getFinishedSpans();
    exporter.reset();
    return [...finished];
  };
  return { tracing, spans, stop: () => tracing.shutdown() };
}
