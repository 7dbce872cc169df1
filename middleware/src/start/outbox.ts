// What keeps ended spans until they are sent, as the batch processor sees it.

import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { AnsweredResult } from './export-outcome.ts';

/** What a batch may hold. */
export interface BatchSize {
  readonly spans: number;
  readonly bytes: number;
}

/** Spans of one request. */
export interface Batch {
  readonly length: number;
}

/** First in, first out; `putBack` puts a batch where it was taken from. */
export interface Outbox<B extends Batch> {
  readonly length: number;
  /** Told of each span that was pushed and cannot be kept; it is not in `length` any more. */
  onRefused?: ((fault: unknown) => void) | undefined;
  push(span: ReadableSpan): void;
  /** The oldest spans, at least one of them, up to the size; none where all that were left are refused. */
  take(size: BatchSize): B;
  /** All spans, the oldest first, in batches up to the size. */
  takeAll(size: BatchSize): B[];
  putBack(batch: B): void;
  /** Has spans that are pushed from now on be taken after all that are here. */
  seal(): void;
  bytesOf(batch: B): number;
  /** The resource that must be complete before the batch is sent. */
  resourceOf(batch: B): Resource | undefined;
}

/** What sends batches; the SDK's span exporters do it with arrays of spans. */
export interface BatchExporter<B extends Batch> {
  export(batch: B, done: (result: AnsweredResult) => void): void;
  shutdown(): Promise<void>;
}
