// Keeps every trace of the process while it is captured, and knows which of them are complete.

import { type SpanContext, SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { TraceWatcher } from '../shared/trace-watcher.ts';
import type { Connections } from './connections.ts';
import { setRealImmediate } from './real-timers.ts';
import { type Lack, TraceRecord } from './trace-record.ts';

/** Turns of the event loop without an open span after which a trace is complete: what is to follow has begun by then. */
const QUIET_TURNS = 2;

export class TraceBook implements TraceWatcher {
  #traces = new Map<string, TraceRecord>();
  /** Traces that were cleared while spans were open: what they still bring is not wanted. */
  readonly #forgotten = new Map<string, TraceRecord>();
  readonly #connections: Pick<Connections, 'isBusy' | 'whenQuiet'>;
  readonly #onSettled: (trace: TraceRecord) => void;
  #processName: string | undefined;
  readonly counts: { started: number; ended: number } = { started: 0, ended: 0 };

  /** `onSettled` is called each time a trace has become complete. */
  constructor(
    connections: Pick<Connections, 'isBusy' | 'whenQuiet'>,
    onSettled: (trace: TraceRecord) => void,
  ) {
    this.#connections = connections;
    this.#onSettled = onSettled;
  }

  get traces(): IterableIterator<TraceRecord> {
    return this.#traces.values();
  }

  get(traceId: string): TraceRecord | undefined {
    return this.#traces.get(traceId);
  }

  started(span: ReadableSpan): void {
    const { traceId, spanId } = span.spanContext();
    const trace = this.#forgotten.get(traceId) ?? this.#traceOf(traceId);
    trace.spans.set(spanId, { span, state: 'open', processName: this.#processName });
    trace.open += 1;
    trace.started += 1;
    trace.isSettled = false;
    this.counts.started += 1;
    this.#noteLinks(span);
  }

  /** The span goes into the trace, as it is exported in production. */
  kept(span: ReadableSpan): void {
    const record = this.#find(span)?.spans.get(span.spanContext().spanId);
    if (record === undefined) return;
    record.span = span;
    record.state = 'kept';
  }

  /** Called after `kept()`, and also for spans that are not kept. */
  ended(span: ReadableSpan): void {
    const trace = this.#find(span);
    const record = trace?.spans.get(span.spanContext().spanId);
    if (trace === undefined || record === undefined) return;
    if (record.state === 'open') record.state = 'left_out';
    trace.open -= 1;
    this.counts.ended += 1;
    if (trace.open > 0) return;
    if (this.#forgotten.delete(trace.traceId)) return;
    this.#settle(trace, trace.started, QUIET_TURNS);
  }

  named(service: string): void {
    this.#processName ??= service;
  }

  carried({ traceId, spanId }: SpanContext): void {
    const carried = this.#traces.get(traceId)?.carried;
    carried?.set(spanId, (carried.get(spanId) ?? 0) + 1);
  }

  lacks({ traceId }: SpanContext, place: string, names: readonly string[]): void {
    this.#traces.get(traceId)?.lacks.push({ place, names, isTold: false });
  }

  /** What was missed in any trace and that nobody has been told of yet; now they are. */
  takeLacks(traces: Iterable<TraceRecord> = this.traces): Lack[] {
    const lacks = [...traces].flatMap((trace) => trace.lacks).filter(({ isTold }) => !isTold);
    for (const lack of lacks) lack.isTold = true;
    return lacks;
  }

  clear(): void {
    for (const trace of this.traces) if (trace.open > 0) this.#forgotten.set(trace.traceId, trace);
    this.#traces = new Map();
  }

  #settle(trace: TraceRecord, started: number, turns: number): void {
    setRealImmediate(() => {
      if (trace.started !== started) return;
      if (turns > 1) {
        this.#settle(trace, started, turns - 1);
        return;
      }
      if (this.#connections.isBusy && trace.hasUnanswered()) {
        this.#connections.whenQuiet(() => this.#settle(trace, started, QUIET_TURNS));
        return;
      }
      trace.isSettled = true;
      this.#onSettled(trace);
    });
  }

  #noteLinks(span: ReadableSpan): void {
    const attempt = span.attributes['longpole.job.attempt'] ?? 1;
    const isNewJob = span.kind === SpanKind.CONSUMER && attempt === 1;
    for (const { context } of span.links) {
      const origin = this.#traces.get(context.traceId);
      if (origin === undefined) continue;
      origin.linkedFrom.add(span.spanContext().traceId);
      if (isNewJob) origin.begun.set(context.spanId, (origin.begun.get(context.spanId) ?? 0) + 1);
    }
  }

  #find(span: ReadableSpan): TraceRecord | undefined {
    const { traceId } = span.spanContext();
    return this.#traces.get(traceId) ?? this.#forgotten.get(traceId);
  }

  #traceOf(traceId: string): TraceRecord {
    const trace = this.#traces.get(traceId) ?? new TraceRecord(traceId);
    this.#traces.set(traceId, trace);
    return trace;
  }
}
