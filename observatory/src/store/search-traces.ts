// Finds traces by their spans: passes over those that cannot match, and looks through the spans of the others.
import { NewestTraces } from './newest-traces.ts';
import { PART, SERVICE } from './parts.ts';
import { SpanDecoder } from './read-trace.ts';
import type { SpanCursor } from './span-bytes.ts';
import { meetsColumns, meetsConditions, type SpanFilter, toSpanFilter } from './span-filter.ts';
import type { SpanCodec } from './span-record.ts';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';
import type { TraceQuery } from './trace-query.ts';
import type { Turns } from './turns.ts';

/** `STATUS_CODE_ERROR` of OTLP, as a set of statuses. */
const ONLY_ERRORS = 0b100;

const BEFORE_ALL = -1n;

export class TraceSearch {
  readonly #state: StoreState;
  readonly #decoder: SpanDecoder;
  readonly #filter: SpanFilter;
  readonly #turns: Turns;
  readonly #newest: NewestTraces;
  readonly #service: string | undefined;
  readonly #operation: string | undefined;

  constructor(state: StoreState, codec: SpanCodec, query: TraceQuery, turns: Turns) {
    this.#state = state;
    this.#decoder = new SpanDecoder(state, codec);
    this.#filter = toSpanFilter(query);
    this.#turns = turns;
    this.#newest = new NewestTraces(query.limit, this.#filter.columns.startMinNs);
    this.#service = query.service;
    this.#operation = query.operation;
  }

  /** The ids of the traces that match, the one with the newest matching span first. */
  async run(): Promise<string[]> {
    if (!this.#hasService()) return [];
    for (const trace of [...this.#state.traces.newestFirst()]) {
      if (!this.#canMatch(trace)) continue;
      const startNs = await this.#newestMatch(trace);
      if (startNs !== BEFORE_ALL) this.#newest.add({ traceId: trace.traceId, startNs });
      await this.#turns.breathe();
    }
    return this.#newest.ids();
  }

  /** Whether any span can be of the service that is asked for. */
  #hasService(): boolean {
    return this.#service === undefined || this.#state.catalog.services.find(this.#service) !== undefined;
  }

  /** Asked for each part, as the number of a service may be another's after a turn. */
  #isOfService(service: number): boolean {
    return this.#service === undefined || this.#state.catalog.services.get(service)?.value === this.#service;
  }

  #isStored(trace: TraceEntry): boolean {
    return this.#state.traces.byId(trace.id) === trace;
  }

  /** Whether what is known of the whole trace leaves room for a match. */
  #canMatch(trace: TraceEntry): boolean {
    const { columns } = this.#filter;
    return (
      trace.lastStartNs >= this.#newest.leastNs &&
      trace.startNs <= columns.startMaxNs &&
      trace.endNs - trace.startNs >= columns.durationMinNs &&
      (columns.statuses !== ONLY_ERRORS || trace.errors > 0) &&
      this.#isStored(trace)
    );
  }

  /** Start of the newest span that matches. */
  async #newestMatch(trace: TraceEntry): Promise<bigint> {
    let newest = BEFORE_ALL;
    for (let i = 0; i < trace.parts.length; i += PART) {
      if (!this.#isOfService(trace.parts[i + SERVICE] ?? 0)) continue;
      const spans = this.#state.blocks.spansAt(trace.parts, i);
      while (spans.next()) {
        if (spans.startNs > newest && this.#matches(spans)) newest = spans.startNs;
      }
      if (!this.#turns.isOver) continue;
      await this.#turns.breathe();
      if (!this.#isStored(trace)) return BEFORE_ALL;
    }
    return newest;
  }

  #matches(spans: SpanCursor): boolean {
    const operation = this.#state.catalog.operations.get(spans.operation)?.value;
    if (this.#operation !== undefined && operation?.name !== this.#operation) return false;
    return (
      meetsColumns(this.#filter.columns, spans, operation?.kind ?? 0) &&
      meetsConditions(this.#filter.conditions, spans, this.#decoder)
    );
  }
}
