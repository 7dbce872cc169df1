// Puts the spans of one request into the tables: each once, whatever its order, as far as its trace has room.
import type { StatementSync } from 'node:sqlite';
import type { Interned } from './interner.ts';
import type { Origin, SpanRecord } from './span-record.ts';
import { maxTraceBytes, type StoreLimits } from './store-limits.ts';
import type { StoreState } from './store-state.ts';
import { TRACE_BYTES, type TraceEntry } from './trace-entry.ts';

/** What became of the spans of one request. */
export interface AddResult {
  stored: number;
  /** Sent again (same trace, span id, service and kind), as senders do after a lost answer. */
  duplicates: number;
  /** Refused because their trace has as many spans or bytes as one trace may have. */
  traceTooLarge: number;
  /** Of the stored ones, those whose trace had already been evicted. */
  late: number;
}

/** Bytes of a span beside its body: columns, index entry, page overhead. */
const SPAN_BYTES = 180;

const MAX_NS = 2n ** 63n - 1n;

/** `STATUS_CODE_ERROR` of OTLP. */
const ERROR = 2;

/** The statements that write. */
export interface InsertStatements {
  readonly span: StatementSync;
  readonly link: StatementSync;
}

export function prepareInsert({ db }: StoreState): InsertStatements {
  const link = db.prepare('INSERT OR IGNORE INTO links (source, target) VALUES (?, ?)');
  const span = db.prepare(
    `INSERT OR IGNORE INTO spans
       (trace, span, service, kind, parent, operation, origin, start, duration, status, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return { span, link };
}

/** Service and origin of the spans of a request, looked up once for each origin. */
interface Sender {
  readonly service: Interned<string>;
  readonly origin: Interned<string>;
}

export class SpanInserter {
  readonly #state: StoreState;
  readonly #limits: StoreLimits;
  readonly #insert: InsertStatements;
  readonly #senders = new Map<Origin, Sender>();
  readonly #arrived = new Map<string, TraceEntry>();
  readonly result: AddResult = { stored: 0, duplicates: 0, traceTooLarge: 0, late: 0 };

  constructor(state: StoreState, limits: StoreLimits, insert: InsertStatements) {
    this.#state = state;
    this.#limits = limits;
    this.#insert = insert;
  }

  /** Stores one span, unless it is stored already or its trace is full. */
  add(span: SpanRecord): void {
    const bytes = SPAN_BYTES + span.body.length;
    if (!this.#hasRoom(span.traceId, bytes)) {
      this.result.traceTooLarge++;
      return;
    }
    const trace = this.#traceOf(span.traceId);
    const { service, origin } = this.#senderOf(span.origin);
    const { kind, name } = span;
    const operation = this.#state.catalog.operations.intern({ service: service.id, kind, name });
    const { changes } = this.#insert.span.run(
      trace.id,
      span.spanId,
      service.id,
      kind,
      span.parentSpanId,
      operation.id,
      origin.id,
      span.startNs,
      span.durationNs,
      span.status,
      span.body,
    );
    if (changes === 0) {
      this.result.duplicates++;
      return;
    }
    for (const target of span.linkedTraceIds) this.#insert.link.run(trace.id, target);
    service.spans++;
    origin.spans++;
    operation.spans++;
    this.result.stored++;
    if (trace.isLate) this.result.late++;
    const endNs = span.startNs + span.durationNs;
    this.#state.traces.count(trace, {
      bytes,
      startNs: span.startNs,
      endNs: endNs > MAX_NS ? MAX_NS : endNs,
      isError: span.status === ERROR,
      isRoot: span.parentSpanId === 0n,
      operation: operation.id,
    });
  }

  /** Writes down which traces have changed. */
  finish(): AddResult {
    for (const trace of this.#arrived.values()) this.#state.traces.save(trace);
    return this.result;
  }

  #hasRoom(traceId: string, bytes: number): boolean {
    const trace = this.#state.traces.get(traceId);
    const spans = trace?.spans ?? 0;
    const taken = trace?.bytes ?? TRACE_BYTES;
    return spans < this.#limits.maxSpansPerTrace && taken + bytes <= maxTraceBytes(this.#limits);
  }

  #traceOf(traceId: string): TraceEntry {
    const known = this.#arrived.get(traceId);
    if (known !== undefined) return known;
    const entry = this.#state.traces.arrive(traceId);
    this.#arrived.set(traceId, entry);
    return entry;
  }

  #senderOf(origin: Origin): Sender {
    const known = this.#senders.get(origin);
    if (known !== undefined) return known;
    const { services, origins } = this.#state.catalog;
    const body = Buffer.from(origin.body).toString('latin1');
    const sender = { service: services.intern(origin.service), origin: origins.intern(body) };
    this.#senders.set(origin, sender);
    return sender;
  }
}
