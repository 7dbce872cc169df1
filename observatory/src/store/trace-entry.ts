// What the store knows of a trace without reading its spans, and its row in the database.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Queued } from './arrival-list.ts';

/** What is known of a stored trace without reading its spans. */
export interface TraceEntry extends Queued<TraceEntry> {
  /** The number that stands for the trace in the tables. */
  readonly id: number;
  readonly traceId: string;
  /** Grows with every arrival in the store. */
  arrival: number;
  spans: number;
  bytes: number;
  /** Start of the earliest span and end of the latest, nanoseconds since the Unix epoch. */
  startNs: bigint;
  endNs: bigint;
  /** Spans with the status ERROR. */
  errors: number;
  /** Id of the operation that a list shows for the trace: its earliest root's, or its earliest span's. */
  head: number;
  headStartNs: bigint;
  headIsRoot: boolean;
  /** Whether spans of the trace had been evicted before this entry began. */
  readonly isLate: boolean;
}

/** Bytes that a trace takes beside its spans: row, entry, map. */
export const TRACE_BYTES = 400;

/** What the index wants to know of a span that was stored. */
export interface CountedSpan {
  readonly bytes: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly isError: boolean;
  readonly isRoot: boolean;
  /** Id of its operation. */
  readonly operation: number;
}

function isBetterHead(entry: TraceEntry, span: CountedSpan): boolean {
  if (entry.spans === 0) return true;
  if (entry.headIsRoot !== span.isRoot) return span.isRoot;
  return span.startNs < entry.headStartNs;
}

/** Takes a span that was stored into account. */
export function countSpan(entry: TraceEntry, span: CountedSpan): void {
  const { bytes, startNs, endNs } = span;
  if (isBetterHead(entry, span)) {
    entry.head = span.operation;
    entry.headStartNs = startNs;
    entry.headIsRoot = span.isRoot;
  }
  if (entry.spans === 0 || startNs < entry.startNs) entry.startNs = startNs;
  if (entry.spans === 0 || endNs > entry.endNs) entry.endNs = endNs;
  if (span.isError) entry.errors++;
  entry.spans++;
  entry.bytes += bytes;
}

/** The entry of a trace without spans. */
export function emptyEntry(id: number, traceId: string, isLate: boolean): TraceEntry {
  return {
    id,
    traceId,
    arrival: 0,
    spans: 0,
    bytes: TRACE_BYTES,
    startNs: 0n,
    endNs: 0n,
    errors: 0,
    head: 0,
    headStartNs: 0n,
    headIsRoot: false,
    isLate,
    older: undefined,
    newer: undefined,
  };
}

interface TraceRow {
  id: bigint;
  trace_id: string;
  arrival: bigint;
  spans: bigint;
  bytes: bigint;
  start: bigint;
  end: bigint;
  errors: bigint;
  head: bigint;
  head_start: bigint;
  head_is_root: bigint;
}

/** Every trace of the database, the longest quiet one first. */
export function* loadEntries(db: DatabaseSync): Generator<TraceEntry> {
  const rows = db.prepare('SELECT * FROM traces ORDER BY arrival');
  rows.setReadBigInts(true);
  for (const row of rows.iterate() as Iterable<unknown> as Iterable<TraceRow>) {
    const entry = emptyEntry(Number(row.id), row.trace_id, false);
    entry.arrival = Number(row.arrival);
    entry.spans = Number(row.spans);
    entry.bytes = Number(row.bytes);
    entry.startNs = row.start;
    entry.endNs = row.end;
    entry.errors = Number(row.errors);
    entry.head = Number(row.head);
    entry.headStartNs = row.head_start;
    entry.headIsRoot = row.head_is_root === 1n;
    yield entry;
  }
}

export function prepareSave(db: DatabaseSync): StatementSync {
  return db.prepare(
    `INSERT OR REPLACE INTO traces
       (id, trace_id, arrival, spans, bytes, start, end, errors, head, head_start, head_is_root)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
}

/** Writes the entry down with the statement of {@link prepareSave}. */
export function saveEntry(save: StatementSync, entry: TraceEntry): void {
  const { id, traceId, arrival, spans, bytes, startNs, endNs, errors, head, headStartNs } = entry;
  const isRoot = entry.headIsRoot ? 1 : 0;
  save.run(id, traceId, arrival, spans, bytes, startNs, endNs, errors, head, headStartNs, isRoot);
}
