// Collects ended spans and sends them in batches, one at a time, and accounts for every single one.

import { type Context, context, TraceFlags } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, Span, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { causeOf, isWorthKeeping } from './export-cause.ts';
import type { TracingStats } from './types.ts';

export interface BatchLimits {
  /** Spans kept while the backend is slow or away; more are dropped as `queue_full`. */
  readonly maxQueueSize: number;
  readonly maxBatchSize: number;
  /** How long a span may wait for its batch to fill. */
  readonly delayMs: number;
  /** When an export that never answers is given up. */
  readonly exportTimeoutMs: number;
}

/** Hears of every export, for warnings. */
export interface ExportObserver {
  failed(cause: string, error: unknown): void;
  succeeded(): void;
}

/** Longest pause between two tries while the backend is away. */
const MAX_PAUSE_MS = 30_000;

/**
 * A batching span processor (OpenTelemetry trace SDK, "Batching processor") that differs from the SDK's own in three
 * ways: batches that failed because the backend is away go back to the queue, a full queue is reported as a number,
 * and flushing sends batches one after the other instead of all at once.
 */
export class BatchProcessor implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #limits: BatchLimits;
  readonly #observer: ExportObserver;
  readonly #dropped: Record<string, number> = {};
  #queue: ReadableSpan[] = [];
  #inFlight = 0;
  #counts = { started: 0, ended: 0, unsampled: 0, exported: 0 };
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #pauseMs = 0;
  #stopped = false;

  constructor(exporter: SpanExporter, limits: BatchLimits, observer: ExportObserver) {
    this.#exporter = exporter;
    this.#limits = limits;
    this.#observer = observer;
  }

  onStart(_span: Span, _parent: Context): void {
    this.#counts.started += 1;
  }

  onEnd(span: ReadableSpan): void {
    this.#counts.ended += 1;
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) {
      this.#counts.unsampled += 1;
    } else if (this.#stopped) {
      this.#drop('after_shutdown', 1);
    } else if (this.#queue.length + this.#inFlight >= this.#limits.maxQueueSize) {
      this.#drop('queue_full', 1);
    } else {
      this.#queue.push(span);
      this.#schedule();
    }
  }

  /** Sends all that is queued now, batch after batch; ends early when the backend is away. */
  async forceFlush(): Promise<void> {
    this.#clearTimer();
    await this.#sending;
    await this.#send(() => true);
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    this.#stopped = true;
    this.#clearTimer();
    await this.#exporter.shutdown();
  }

  /** Takes what is still queued, for a last synchronous try while the process exits. */
  takeQueued(): ReadableSpan[] {
    const taken = this.#queue;
    this.#queue = [];
    return taken;
  }

  /** Accounts for spans taken by `takeQueued`. */
  settle(count: number, cause: string | undefined): void {
    if (cause === undefined) this.#counts.exported += count;
    else this.#drop(cause, count);
  }

  stats(): Omit<TracingStats, 'faults'> {
    return { ...this.#counts, queued: this.#queue.length + this.#inFlight, dropped: { ...this.#dropped } };
  }

  #drop(cause: string, count: number): void {
    this.#dropped[cause] = (this.#dropped[cause] ?? 0) + count;
  }

  #schedule(): void {
    if (this.#sending !== undefined) return;
    const isFull = this.#queue.length >= this.#limits.maxBatchSize && this.#pauseMs === 0;
    if (isFull) {
      this.#clearTimer();
      void this.#send(() => this.#queue.length >= this.#limits.maxBatchSize);
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(
        () => {
          this.#timer = undefined;
          void this.#send(() => true);
        },
        Math.max(this.#limits.delayMs, this.#pauseMs),
      ).unref();
    }
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #send(wants: () => boolean): Promise<void> {
    this.#sending ??= this.#sendBatches(wants).finally(() => {
      this.#sending = undefined;
      if (this.#queue.length > 0 && !this.#stopped) this.#schedule();
    });
    return this.#sending;
  }

  async #sendBatches(wants: () => boolean): Promise<void> {
    let left = this.#queue.length;
    while (left > 0 && this.#queue.length > 0 && wants()) {
      const batch = this.#queue.splice(0, this.#limits.maxBatchSize);
      left -= batch.length;
      this.#inFlight = batch.length;
      const result = await this.#export(batch);
      this.#inFlight = 0;
      if (!this.#account(batch, result)) return;
    }
  }

  /** Returns whether it makes sense to go on with the next batch. */
  #account(batch: ReadableSpan[], result: ExportResult): boolean {
    if (result.code === ExportResultCode.SUCCESS) {
      this.#counts.exported += batch.length;
      this.#pauseMs = 0;
      this.#observer.succeeded();
      return true;
    }
    const cause = causeOf(result.error);
    this.#observer.failed(cause, result.error);
    if (!isWorthKeeping(result.error) || this.#stopped) {
      this.#drop(cause, batch.length);
      return true;
    }
    const room = Math.max(0, this.#limits.maxQueueSize - this.#queue.length);
    if (room < batch.length) this.#drop('queue_full', batch.length - room);
    this.#queue = batch.slice(batch.length - room).concat(this.#queue);
    this.#pauseMs = Math.min(MAX_PAUSE_MS, Math.max(1000, this.#pauseMs * 2));
    return false;
  }

  #export(batch: ReadableSpan[]): Promise<ExportResult> {
    return new Promise((resolve) => {
      const timeout = setTimeout(() => {
        resolve({ code: ExportResultCode.FAILED, error: new Error('the export timed out') });
      }, this.#limits.exportTimeoutMs).unref();
      const done = (result: ExportResult): void => {
        clearTimeout(timeout);
        resolve(result);
      };
      context.with(suppressTracing(context.active()), () => {
        Promise.resolve(batch[0]?.resource.waitForAsyncAttributes?.())
          .then(() => this.#exporter.export(batch, done))
          .catch((error: unknown) => done({ code: ExportResultCode.FAILED, error: toError(error) }));
      });
    });
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
