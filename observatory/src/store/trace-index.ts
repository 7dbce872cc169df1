// Which traces are stored, in the order in which their last span arrived.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ArrivalList } from './arrival-list.ts';
import { RecentIds } from './recent-ids.ts';
import {
  type CountedSpan,
  countSpan,
  emptyEntry,
  loadEntries,
  prepareSave,
  saveEntry,
  TRACE_BYTES,
  type TraceEntry,
} from './trace-entry.ts';

/** How many evicted traces are remembered to recognise what comes too late for them. */
const REMEMBERED_EVICTIONS = 10_000;

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
    this.#save = prepareSave(db);
    this.#remove = db.prepare('DELETE FROM traces WHERE id = ?');
    for (const entry of loadEntries(db)) this.#load(entry);
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
  count(entry: TraceEntry, span: CountedSpan): void {
    countSpan(entry, span);
    this.spans++;
    this.bytes += span.bytes;
  }

  save(entry: TraceEntry): void {
    saveEntry(this.#save, entry);
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
    const entry = emptyEntry(this.#nextId++, traceId, this.#evicted.has(traceId));
    this.bytes += TRACE_BYTES;
    this.#entries.set(traceId, entry);
    this.#byId.set(entry.id, entry);
    return entry;
  }

  #load(entry: TraceEntry): void {
    this.#entries.set(entry.traceId, entry);
    this.#byId.set(entry.id, entry);
    this.#order.push(entry);
    this.#nextId = Math.max(this.#nextId, entry.id + 1);
    this.#arrivals = Math.max(this.#arrivals, entry.arrival);
    this.spans += entry.spans;
    this.bytes += entry.bytes;
  }
}
