// The store: bounded, in memory or in a file; everything the rest of the house may ask of it.
import type { Trace } from '../trace/span.ts';
import { dropUnusedNames } from './catalog.ts';
import { countDependencies, type DependencyLink } from './count-dependencies.ts';
import { clearSparseBlocks, type Evicted, evictTraces } from './evict-traces.ts';
import { type AddResult, SpanInserter } from './insert-spans.ts';
import { openState } from './load-state.ts';
import { readTrace } from './read-trace.ts';
import { TraceSearch } from './search-traces.ts';
import type { SpanCodec, SpanRecord } from './span-record.ts';
import { StoreError } from './store-error.ts';
import { parseLimits, type StoreLimits } from './store-limits.ts';
import { bytesOf, type StoreState, save } from './store-state.ts';
import { summarizeTrace, type TraceSummary } from './summarize-trace.ts';
import type { TraceQuery } from './trace-query.ts';
import { Turns } from './turns.ts';

export interface StoreOptions extends Partial<StoreLimits> {
  /** The file to keep the traces in; without it they live in memory. */
  readonly file?: string;
  readonly codec: SpanCodec;
}

/** What the store holds now, and what it has done since it was opened. */
export interface StoreStats {
  readonly traces: number;
  readonly spans: number;
  /** Bytes, roughly. */
  readonly bytes: number;
  readonly duplicates: number;
  readonly traceTooLarge: number;
  /** Spans stored after their trace had been evicted. */
  readonly late: number;
  readonly evictedTraces: number;
  readonly evictedSpans: number;
}

export interface Operation {
  readonly name: string;
  /** `Span.SpanKind` of OTLP, 0 to 5. */
  readonly kind: number;
}

export class TraceStore {
  readonly #codec: SpanCodec;
  readonly #limits: StoreLimits;
  readonly #state: StoreState;
  readonly #done = { duplicates: 0, traceTooLarge: 0, late: 0, evictedTraces: 0, evictedSpans: 0 };
  #isOpen = true;

  /** @throws StoreError when a limit makes no sense, or the file cannot be opened or is not a trace store. */
  constructor(options: StoreOptions) {
    const { file: path, codec, ...limits } = options;
    this.#limits = parseLimits(limits);
    this.#codec = codec;
    this.#state = openState(path, codec);
  }

  /**
   * Stores the spans of one request, all or none, then evicts what no longer fits.
   * @throws StoreError `ERR_LONGPOLE_STORE_WRITE` when the file cannot be written (the disk is full, for example).
   */
  add(spans: readonly SpanRecord[]): AddResult {
    this.#checkOpen();
    const result = this.#write(spans).apply();
    dropUnusedNames(this.#state.catalog);
    const evicted = evictTraces(this.#state, this.#limits);
    clearSparseBlocks(this.#state);
    this.#count(result, evicted);
    return result;
  }

  /** A trace by its id (32 lower-case hex digits), with all of its stored spans. */
  trace(traceId: string): Trace | undefined {
    this.#checkOpen();
    const entry = this.#state.traces.get(traceId);
    return entry === undefined ? undefined : readTrace(this.#state, this.#codec, entry);
  }

  /** Names of the services that have spans in the store, sorted. */
  services(): string[] {
    return [...this.#state.catalog.services.values()].map((service) => service.value).sort();
  }

  /** Operations of a service that have spans in the store, sorted by name and kind. */
  operations(service: string): Operation[] {
    const { services, operations } = this.#state.catalog;
    const id = services.find(service)?.id;
    return [...operations.values()]
      .filter((operation) => operation.value.service === id)
      .map(({ value: { name, kind } }) => ({ name, kind }))
      .sort((a, b) => (a.name === b.name ? a.kind - b.kind : a.name < b.name ? -1 : 1));
  }

  /** Ids of the traces that match, the one with the newest matching span first. */
  async find(query: TraceQuery): Promise<string[]> {
    this.#checkOpen();
    return this.#guarded(new TraceSearch(this.#state, this.#codec, query, new Turns()).run());
  }

  /** Traces that match, in the order of {@link find}. Works in turns: the store may change meanwhile. */
  async search(query: TraceQuery): Promise<Trace[]> {
    const turns = new Turns();
    const traces: Trace[] = [];
    for (const traceId of await this.find(query)) {
      const trace = this.trace(traceId);
      if (trace !== undefined) traces.push(trace);
      await turns.breathe();
    }
    return traces;
  }

  /** A trace in short, without reading its spans. */
  summary(traceId: string): TraceSummary | undefined {
    this.#checkOpen();
    const state = this.#state;
    const entry = state.traces.get(traceId);
    return entry === undefined ? undefined : summarizeTrace(state, entry);
  }

  /** The traces that spans arrived for last, newest first; only those with an arrival after `afterArrival`, if given. */
  newest(limit: number, afterArrival = 0): TraceSummary[] {
    this.#checkOpen();
    const state = this.#state;
    const summaries: TraceSummary[] = [];
    for (const entry of state.traces.newestFirst()) {
      if (summaries.length >= limit || entry.arrival <= afterArrival) break;
      summaries.push(summarizeTrace(state, entry));
    }
    return summaries;
  }

  /** Ids of other stored traces with spans that link to this one, the last begun first. */
  linkedFrom(traceId: string, limit: number): string[] {
    this.#checkOpen();
    return this.#state.links.sourcesOf(traceId, limit);
  }

  /** Calls between services over the traces that begin after `startNs` and end before `endNs`. */
  async dependencies(startNs: bigint, endNs: bigint): Promise<DependencyLink[]> {
    this.#checkOpen();
    return this.#guarded(countDependencies(this.#state, startNs, endNs, new Turns()));
  }

  stats(): StoreStats {
    const state = this.#state;
    return { traces: state.traces.size, spans: state.traces.spans, bytes: bytesOf(state), ...this.#done };
  }

  /** Closes the file, which has everything in it afterwards. Closing again does nothing. */
  close(): void {
    this.#isOpen = false;
    this.#state.file?.close();
  }

  /** Writes what is new of a request, or leaves everything as it is. */
  #write(spans: readonly SpanRecord[]): SpanInserter {
    const { blocks, catalog, file } = this.#state;
    const inserter = new SpanInserter(this.#state, this.#limits);
    try {
      inserter.write(spans);
      save(this.#state, (saved) => {
        for (const row of inserter.rows()) saved.insertTrace(row);
      });
      blocks.settle();
      return inserter;
    } catch (cause) {
      blocks.cancel();
      file?.cancel();
      dropUnusedNames(catalog);
      const reason = (cause as Error).message;
      throw new StoreError(
        'ERR_LONGPOLE_STORE_WRITE',
        `The trace store cannot write: ${reason}. Nothing of the request was kept.`,
        cause,
      );
    }
  }

  #count(result: AddResult, evicted: Evicted): void {
    this.#done.duplicates += result.duplicates;
    this.#done.traceTooLarge += result.traceTooLarge;
    this.#done.late += result.late;
    this.#done.evictedTraces += evicted.traces;
    this.#done.evictedSpans += evicted.spans;
  }

  /** A long read may find the store closed under it. */
  async #guarded<T>(read: Promise<T>): Promise<T> {
    try {
      return await read;
    } finally {
      this.#checkOpen();
    }
  }

  #checkOpen(): void {
    if (this.#isOpen) return;
    throw new StoreError('ERR_LONGPOLE_STORE_CLOSED', 'The trace store has been closed.');
  }
}
