// Which traces are stored, in the order in which their last span arrived.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ArrivalList, type Queued } from './arrival-list.ts';
import { RecentIds } from './recent-ids.ts';

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
  /** Whether spans of the trace had been evicted before this entry began. */
  readonly isLate: boolean;
}

/** How many evicted traces are remembered to recognise what comes too late for them. */
const REMEMBERED_EVICTIONS = 10_000;

/** Bytes that a trace takes beside its spans: row, entry, map. */
export const TRACE_BYTES = 400;

interface TraceRow {
  id: bigint;
  trace_id: string;
  arrival: bigint;
  spans: bigint;
  bytes: bigint;
  start: bigint;
  end: bigint;
}

/** All traces of the store, by their id and by the order of their last arrival. */
export class TraceIndex {
  readonly #entries = new Map<string, TraceEntry>();
  readonly #byId = new Map<number, TraceEntry>();
  readonly #order = new ArrivalList<TraceEntry>();
  readonly #evicted = new RecentIds(REMEMBERED_EVICTIONS);
  readonly #save: StatementSync;
  readonly #remove: StatementSync;
  #nextId = 1;
  #arrivals = 0;
  spans = 0;
  bytes = 0;

  constructor(db: DatabaseSync) {
    this.#save = db.prepare(
      `INSERT INTO traces (id, trace_id, arrival, spans, bytes, start, end) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET arrival = excluded.arrival, spans = excluded.spans,
         bytes = excluded.bytes, start = excluded.start, end = excluded.end`,
    );
    this.#remove = db.prepare('DELETE FROM traces WHERE id = ?');
    const rows = db.prepare('SELECT * FROM traces ORDER BY arrival');
    rows.setReadBigInts(true);
    for (const row of rows.all() as unknown as TraceRow[]) this.#load(row);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(traceId: string): TraceEntry | undefined {
    return this.#entries.get(traceId);
  }

  byId(id: number): TraceEntry | undefined {
    return this.#byId.get(id);
  }

  values(): Iterable<TraceEntry> {
    return this.#entries.values();
  }

  /** All traces, the one with the last arrival first. */
  newestFirst(): Iterable<TraceEntry> {
    return this.#order.newestFirst();
  }

  /** The trace that has been quiet longest. */
  get oldest(): TraceEntry | undefined {
    return this.#order.oldest;
  }

  /** The entry of a trace that spans have arrived for, made when it is new; it becomes the newest. */
  arrive(traceId: string): TraceEntry {
    const known = this.#entries.get(traceId);
    const entry = known ?? this.#create(traceId);
    entry.arrival = ++this.#arrivals;
    if (known !== undefined) this.#order.remove(known);
    this.#order.push(entry);
    return entry;
  }

  /** Counts a span that was stored. */
  count(entry: TraceEntry, bytes: number, startNs: bigint, endNs: bigint): void {
    if (entry.spans === 0 || startNs < entry.startNs) entry.startNs = startNs;
    if (entry.spans === 0 || endNs > entry.endNs) entry.endNs = endNs;
    entry.spans++;
    entry.bytes += bytes;
    this.spans++;
    this.bytes += bytes;
  }

  save(entry: TraceEntry): void {
    const { id, traceId, arrival, spans, bytes, startNs, endNs } = entry;
    this.#save.run(id, traceId, arrival, spans, bytes, startNs, endNs);
  }

  evict(entry: TraceEntry): void {
    this.#remove.run(entry.id);
    this.#entries.delete(entry.traceId);
    this.#byId.delete(entry.id);
    this.spans -= entry.spans;
    this.bytes -= entry.bytes;
    this.#order.remove(entry);
    this.#evicted.add(entry.traceId);
  }

  #create(traceId: string): TraceEntry {
    const isLate = this.#evicted.has(traceId);
    const id = this.#nextId++;
    const entry: TraceEntry = {
      id,
      traceId,
      arrival: 0,
      spans: 0,
      bytes: TRACE_BYTES,
      startNs: 0n,
      endNs: 0n,
      isLate,
      older: undefined,
      newer: undefined,
    };
    this.bytes += TRACE_BYTES;
    this.#entries.set(traceId, entry);
    this.#byId.set(id, entry);
    return entry;
  }

  #load(row: TraceRow): void {
    const entry: TraceEntry = {
      id: Number(row.id),
      traceId: row.trace_id,
      arrival: Number(row.arrival),
      spans: Number(row.spans),
      bytes: Number(row.bytes),
      startNs: row.start,
      endNs: row.end,
      isLate: false,
      older: undefined,
      newer: undefined,
    };
    this.#entries.set(entry.traceId, entry);
    this.#order.push(entry);
    this.#byId.set(entry.id, entry);
    this.#nextId = Math.max(this.#nextId, entry.id + 1);
    this.#arrivals = Math.max(this.#arrivals, entry.arrival);
    this.spans += entry.spans;
    this.bytes += entry.bytes;
  }
}
