// Which traces are stored, in the order in which their last span arrived.
import { ArrivalList } from './arrival-list.ts';
import type { Parts } from './parts.ts';
import { RecentIds } from './recent-ids.ts';
import {
  addPart,
  type CountedSpan,
  countSpan,
  emptyEntry,
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
  #nextId = 1;
  #arrivals = 0;
  spans = 0;
  bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  /** The number that the next new trace gets; those after it follow. */
  get nextId(): number {
    return this.#nextId;
  }

  /** How many arrivals there have been. */
  get arrivals(): number {
    return this.#arrivals;
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
    const entry = known ?? this.#add(emptyEntry(this.#nextId++, traceId, this.#evicted.has(traceId)));
    entry.arrival = ++this.#arrivals;
    if (known !== undefined) this.#order.remove(known);
    this.#order.push(entry);
    return entry;
  }

  /** Takes over a trace that the file has; its spans are counted afterwards, and then {@link settle} is called. */
  load(id: number, traceId: string): void {
    this.#add(emptyEntry(id, traceId, false));
  }

  /** Takes into account that a number has been given to a trace, stored or not. */
  skip(id: number): void {
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  /** Puts the traces that were loaded in the order of their arrivals. */
  settle(): void {
    for (const entry of [...this.#entries.values()].sort((a, b) => a.arrival - b.arrival)) {
      this.#order.push(entry);
      this.#arrivals = entry.arrival;
    }
  }

  /** Counts a span that was stored, with the id of its operation and the bytes that it takes. */
  count(entry: TraceEntry, span: CountedSpan, operation: number, bytes: number): void {
    countSpan(entry, span, operation, bytes);
    this.spans++;
    this.bytes += bytes;
  }

  addPart(entry: TraceEntry, part: Parts): void {
    this.bytes += addPart(entry, part);
  }

  evict(entry: TraceEntry): void {
    this.#entries.delete(entry.traceId);
    this.#byId.delete(entry.id);
    this.spans -= entry.spans;
    this.bytes -= entry.bytes;
    this.#order.remove(entry);
    this.#evicted.add(entry.traceId);
  }

  #add(entry: TraceEntry): TraceEntry {
    this.bytes += TRACE_BYTES;
    this.#entries.set(entry.traceId, entry);
    this.#byId.set(entry.id, entry);
    return entry;
  }
}
