// Collects ended spans and sends them in batches, one at a time, and accounts for every single one.

import { AsyncResource } from 'node:async_hooks';
import { type Context, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { reportFault } from '../shared/guard.ts';
import { within } from '../shared/within.ts';
import { Alarm } from './alarm.ts';
import { Backoff } from './backoff.ts';
import { exportBatch } from './export-batch.ts';
import { type Outcome, outcomeOf } from './export-outcome.ts';
import type { Batch, BatchExporter, Outbox } from './outbox.ts';
import { SpanLedger } from './span-ledger.ts';
import type { SpanCounts } from './types.ts';

export interface BatchLimits {
  /** Spans kept while the backend is slow or away; more are dropped as `queue_full`. */
  readonly maxQueueSize: number;
  /** This many waiting spans are sent at once, without waiting for the delay. */
  readonly fullBatchSize: number;
  /** Most spans of one request, which is what a backlog is sent in. */
  readonly maxBatchSize: number;
  /** Rough size of one request in bytes; a span that is larger is sent alone. */
  readonly maxBatchBytes: number;
  /** How long a span may wait for its batch to fill. */
  readonly delayMs: number;
  /** When an export that never answers is given up. */
  readonly exportTimeoutMs: number;
  /** How long a flush may take. */
  readonly flushDeadlineMs: number;
}

/** Hears of every export, for warnings. */
export type ExportObserver = (outcome: Outcome) => void;

/** OTLP clients must not send requests larger than this (OTLP 1.11, "Message size"). */
const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

/** How long an exporter may take to close when flushing has used up the deadline. */
const MIN_CLOSE_MS = 100;

/**
 * A batching span processor (OpenTelemetry trace SDK, "Batching processor") that differs from the SDK's own: batches
 * that failed because the backend is away go back to the queue, a backlog is sent in larger batches, no export runs
 * inside `span.end()` or in a request's context, and every span is accounted for.
 */
export class BatchProcessor<B extends Batch = Batch> implements SpanProcessor {
  readonly #exporter: BatchExporter<B>;
  readonly #queue: Outbox<B>;
  readonly #limits: BatchLimits;
  readonly #observer: ExportObserver;
  readonly #ledger = new SpanLedger();
  readonly #backoff = new Backoff();
  readonly #ownContext = new AsyncResource('LONGPOLE_EXPORT', { requireManualDestroy: true });
  #inFlight: B | undefined;
  /** Spans that were ever queued; minus the ones still here, those are settled, and in order. */
  #accepted = 0;
  /** Send without waiting for full batches until this many are settled. */
  #flushTo = 0;
  #maxBatchSize: number;
  readonly #alarm = new Alarm(
    () => void this.#run(),
    () => {
      this.#flushTo = this.#accepted;
      void this.#run();
    },
  );
  #running: Promise<void> | undefined;
  #lastCause: string | undefined;
  #isStopped = false;
  #ending: Promise<void> | undefined;

  constructor(exporter: BatchExporter<B>, queue: Outbox<B>, limits: BatchLimits, observer: ExportObserver) {
    this.#exporter = exporter;
    this.#queue = queue;
    this.#limits = limits;
    this.#observer = observer;
    this.#maxBatchSize = limits.maxBatchSize;
    queue.onRefused = (fault) => this.#refused(fault);
  }

  onStart(_span: Span, _parent: Context): void {
    this.#ledger.started();
  }

  onEnd(span: ReadableSpan): void {
    this.#ledger.ended();
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) this.#ledger.unsampled();
    else if (this.#isStopped) this.#ledger.dropped('after_shutdown', 1);
    else if (this.#kept >= this.#limits.maxQueueSize) this.#ledger.dropped('queue_full', 1);
    else this.#accept(span);
  }

  #accept(span: ReadableSpan): void {
    this.#queue.push(span);
    this.#accepted += 1;
    this.#arm();
  }

  /** Whoever has set what cannot be encoded is not to hear of it. */
  #refused(fault: unknown): void {
    this.#ledger.dropped('not_encodable', 1);
    reportFault('encoding a span', fault);
  }

  /**
   * Sends all spans that ended before the call. Resolves when they are settled, when the backend is found to be away
   * (they are kept then), or after the deadline. Never rejects.
   */
  forceFlush(deadlineMs: number = this.#limits.flushDeadlineMs): Promise<void> {
    this.#queue.seal();
    return within(deadlineMs, this.#flush(this.#accepted, performance.now() + deadlineMs));
  }

  /** Flushes, then drops what could not be sent. Spans that end later are dropped as `after_shutdown`. */
  shutdown(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const deadline = performance.now() + this.#limits.flushDeadlineMs;
    this.#isStopped = true;
    await this.forceFlush();
    this.#alarm.clear();
    this.#ledger.dropped('unconfirmed', this.#inFlight?.length ?? 0);
    this.#inFlight = undefined;
    const left = this.#queue.takeAll({ spans: Infinity, bytes: Infinity });
    for (const { length } of left) this.#ledger.dropped(this.#lastCause ?? 'shutdown', length);
    await within(Math.max(MIN_CLOSE_MS, deadline - performance.now()), this.#exporter.shutdown());
    this.#ownContext.emitDestroy();
  }

  /** Takes all that the backend has not confirmed, for a last synchronous try while the process exits. */
  takeUnconfirmed(): B[] {
    if (this.#inFlight !== undefined) this.#queue.putBack(this.#inFlight);
    this.#inFlight = undefined;
    return this.#queue.takeAll({ spans: this.#maxBatchSize, bytes: this.#limits.maxBatchBytes });
  }

  /** Accounts for spans taken by `takeUnconfirmed`. */
  settle(count: number, lostBy: string | undefined): void {
    if (lostBy === undefined) this.#ledger.exported(count);
    else this.#ledger.dropped(lostBy, count);
  }

  /** Whether the last export found the backend away. */
  get isAway(): boolean {
    return this.#backoff.isWaiting;
  }

  stats(): SpanCounts {
    return { ...this.#ledger.counts(), queued: this.#kept };
  }

  get #kept(): number {
    return this.#queue.length + (this.#inFlight?.length ?? 0);
  }

  get #settled(): number {
    return this.#accepted - this.#kept;
  }

  async #flush(target: number, deadline: number): Promise<void> {
    this.#backoff.restartForFlush();
    while (this.#settled < target) {
      this.#flushTo = Math.max(this.#flushTo, target);
      await this.#run();
      if (this.#settled >= target) return;
      const pauseMs = this.#backoff.pauseInFlushMs();
      if (pauseMs === undefined || performance.now() + pauseMs > deadline) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Makes sure that something will send what is queued. */
  #arm(): void {
    if (this.#running !== undefined || this.#queue.length === 0) return;
    const isFull = this.#queue.length >= this.#limits.fullBatchSize && !this.#backoff.isWaiting;
    if (isFull) this.#alarm.now();
    else this.#alarm.after(Math.max(this.#limits.delayMs, this.#backoff.pauseMs));
  }

  #run(): Promise<void> {
    this.#alarm.clear();
    this.#running ??= this.#sendAllDue().finally(() => {
      this.#running = undefined;
      if (!this.#isStopped) this.#arm();
    });
    return this.#running;
  }

  async #sendAllDue(): Promise<void> {
    while (
      this.#queue.length > 0 &&
      (this.#queue.length >= this.#limits.fullBatchSize || this.#settled < this.#flushTo)
    ) {
      const batch = this.#queue.take({ spans: this.#maxBatchSize, bytes: this.#limits.maxBatchBytes });
      if (batch.length === 0) continue;
      this.#inFlight = batch;
      const outcome = await this.#send(batch);
      // Somebody else has accounted for the batch meanwhile: a shutdown past its deadline, or the process's exit.
      if (this.#inFlight !== batch) return;
      this.#inFlight = undefined;
      if (!this.#account(batch, outcome)) return;
    }
  }

  async #send(batch: B): Promise<Outcome> {
    const isTooLarge = batch.length === 1 && this.#queue.bytesOf(batch) > MAX_REQUEST_BYTES;
    if (isTooLarge) return { kind: 'too_large', cause: 'too_large' };
    const { exportTimeoutMs } = this.#limits;
    const sending = this.#ownContext.runInAsyncScope(() =>
      exportBatch(this.#exporter, batch, this.#queue.resourceOf(batch), exportTimeoutMs),
    );
    return outcomeOf(await sending);
  }

  /** Returns whether it makes sense to go on with the next batch. */
  #account(batch: B, outcome: Outcome): boolean {
    if (outcome.kind === 'too_large' && batch.length > 1) {
      this.#maxBatchSize = Math.ceil(batch.length / 2);
      this.#queue.putBack(batch);
      return true;
    }
    this.#observer(outcome);
    this.#lastCause = outcome.kind === 'delivered' ? undefined : outcome.cause;
    if (outcome.kind === 'retry') {
      this.#backoff.failed(outcome);
      this.#queue.putBack(batch);
      this.#flushTo = 0;
      return false;
    }
    this.#backoff.succeeded();
    if (outcome.kind === 'delivered') this.#delivered(batch.length, outcome.rejected);
    else this.#ledger.dropped(outcome.cause, batch.length);
    return true;
  }

  #delivered(count: number, rejected: number): void {
    const lost = Math.min(count, rejected);
    this.#ledger.exported(count - lost);
    this.#ledger.dropped('rejected', lost);
    const growth = Math.ceil(this.#limits.maxBatchSize / 32);
    this.#maxBatchSize = Math.min(this.#limits.maxBatchSize, this.#maxBatchSize + growth);
  }
}
