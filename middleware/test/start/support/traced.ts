// A tracer whose spans go through a BatchProcessor with limits of the test's own, and the sums that must come out.

import type { Tracer } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { limitsFrom } from '../../../src/recording/limits.ts';
import { RandomIds } from '../../../src/recording/random-ids.ts';
import { Recorder } from '../../../src/recording/recorder.ts';
import { alwaysOn } from '../../../src/sampling/samplers.ts';
import { type BatchLimits, BatchProcessor } from '../../../src/start/batch-processor.ts';
import type { Outcome } from '../../../src/start/export-outcome.ts';
import type { Shipping } from '../../../src/start/otlp-exporter.ts';
import type { Batch } from '../../../src/start/outbox.ts';
import { SpanQueue } from '../../../src/start/span-queue.ts';
import type { Sums } from './exporting-process.ts';

export const LIMITS: BatchLimits = {
  maxQueueSize: 16_384,
  fullBatchSize: 512,
  maxBatchSize: 2048,
  maxBatchBytes: 8 * 1024 * 1024,
  delayMs: 20,
  exportTimeoutMs: 30_000,
  flushDeadlineMs: 3000,
};

export interface Traced<B extends Batch = Batch> {
  readonly processor: BatchProcessor<B>;
  readonly outcomes: Outcome[];
  readonly tracer: Tracer;
  /** Ends that many spans in one tick. */
  make(count: number, name?: string): void;
}

const started: BatchProcessor[] = [];

/** Shuts down whatever a test has left; for `afterEach`. */
export async function endAllTraced(): Promise<void> {
  await Promise.all(started.splice(0).map((processor) => processor.shutdown()));
}

/** With spans as they are. */
export function traced(exporter: SpanExporter, limits: Partial<BatchLimits> = {}): Traced<ReadableSpan[]> {
  return shipped({ exporter, queue: () => new SpanQueue() }, limits);
}

/** With spans as `shipping` keeps and sends them. */
export function shipped<B extends Batch>(
  shipping: Shipping<B>,
  changes: Partial<BatchLimits> = {},
): Traced<B> {
  const outcomes: Outcome[] = [];
  const limits = { ...LIMITS, ...changes };
  const processor = new BatchProcessor(shipping.exporter, shipping.queue(limits), limits, (outcome) =>
    outcomes.push(outcome),
  );
  started.push(processor);
  const recorder = new Recorder({
    resource: resourceFromAttributes({ 'service.name': 'test' }),
    sampler: alwaysOn,
    limits: limitsFrom({ attributeValueLengthLimit: 1e9 }),
    ids: new RandomIds(),
    processor,
  });
  const tracer = recorder.getTracer('test');
  return {
    processor,
    outcomes,
    tracer,
    make(count, name = 'work') {
      for (let i = 0; i < count; i += 1) tracer.startSpan(`${name} ${i}`).end();
    },
  };
}

export function sumOfDropped({ dropped }: Sums): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** What the sums of `TracingStats` must come to: 0. */
export function unaccounted(stats: Sums): number {
  return stats.ended - stats.exported - stats.queued - sumOfDropped(stats) - stats.unsampled;
}
