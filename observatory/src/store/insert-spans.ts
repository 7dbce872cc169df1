// Takes the spans of one request in: each once, whatever its order, as far as its trace has room.
import { bytesOfSpan, Draft } from './draft.ts';
import { useNames } from './name-uses.ts';
import type { Parts } from './parts.ts';
import { Senders } from './senders.ts';
import { spanLength, writeSpan } from './span-bytes.ts';
import type { SpanRecord } from './span-record.ts';
import type { TraceRow } from './store-file.ts';
import type { StoreLimits } from './store-limits.ts';
import type { StoreState } from './store-state.ts';

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

/** The new spans of a trace as they are in the blocks, not yet known to anyone. */
interface Arrival {
  readonly draft: Draft;
  /** Number of the trace. */
  readonly trace: number;
  /** Number of the arrival. */
  readonly number: number;
  /** In the order in which they were written, each with the ids of its names. */
  readonly spans: readonly SpanRecord[];
  readonly services: readonly number[];
  readonly origins: readonly number[];
  readonly operations: readonly number[];
  readonly parts: Parts[];
}

/** Takes in one request: {@link write} may fail and leaves the lists of the store as they are, {@link apply} cannot fail. */
export class SpanInserter {
  readonly #state: StoreState;
  readonly #limits: StoreLimits;
  readonly #senders: Senders;
  readonly #arrivals: Arrival[] = [];
  readonly #result: AddResult = { stored: 0, duplicates: 0, traceTooLarge: 0, late: 0 };

  constructor(state: StoreState, limits: StoreLimits) {
    this.#state = state;
    this.#limits = limits;
    this.#senders = new Senders(state.catalog);
  }

  /** Writes what is new of the request into blocks. */
  write(spans: readonly SpanRecord[]): void {
    let { nextId, arrivals } = this.#state.traces;
    for (const draft of this.#draftsOf(spans)) {
      draft.sort(this.#state, this.#limits);
      this.#result.duplicates += draft.duplicates;
      this.#result.traceTooLarge += draft.tooMany;
      if (!draft.hasArrived) continue;
      this.#arrivals.push(this.#writeDraft(draft, draft.entry?.id ?? nextId++, ++arrivals));
    }
  }

  /** The traces that are new, as the file is to have them. */
  rows(): TraceRow[] {
    return this.#arrivals
      .filter(({ draft }) => draft.entry === undefined)
      .map(({ draft: { traceId }, trace }) => ({ id: trace, traceId }));
  }

  /** Makes what was written known. */
  apply(): AddResult {
    for (const arrival of this.#arrivals) this.#applyArrival(arrival);
    return this.#result;
  }

  #draftsOf(spans: readonly SpanRecord[]): Iterable<Draft> {
    const drafts = new Map<string, Draft>();
    for (const span of spans) {
      let draft = drafts.get(span.traceId);
      if (draft === undefined) {
        draft = new Draft(span.traceId, this.#state.traces.get(span.traceId));
        drafts.set(span.traceId, draft);
      }
      draft.sent.push(span);
    }
    return drafts.values();
  }

  #writeDraft(draft: Draft, trace: number, number: number): Arrival {
    const spans = this.#byService(draft.spans);
    const senders = spans.map((span) => this.#senders.of(span.origin));
    const services = senders.map((sender) => sender.service.id);
    const origins = senders.map((sender) => sender.origin.id);
    const operations = spans.map(({ kind, name }, i) => senders[i]?.operationOf(kind, name).id ?? 0);
    const arrival = { draft, trace, number, spans, services, origins, operations, parts: [] };
    for (let from = 0; from < spans.length; ) from = this.#writePart(arrival, from);
    return arrival;
  }

  /** Spans of one service side by side, as a part has them. */
  #byService(spans: readonly SpanRecord[]): readonly SpanRecord[] {
    const [first] = spans;
    if (spans.every(({ origin }) => origin === first?.origin)) return spans;
    const serviceOf = ({ origin }: SpanRecord): number => this.#senders.of(origin).service.id;
    return spans.toSorted((a, b) => serviceOf(a) - serviceOf(b));
  }

  /** Writes the part that begins with a span, and returns with which span the next one begins. */
  #writePart({ trace, number, spans, services, origins, operations, parts }: Arrival, from: number): number {
    const service = services[from] ?? 0;
    let end = from;
    let bytes = 0;
    for (; end < spans.length && services[end] === service; end++) {
      bytes += spanLength(spans[end] as SpanRecord);
    }
    const { id, block, at } = this.#state.blocks.reserve(bytes, number);
    let next = at;
    for (let i = from; i < end; i++) {
      const numbers = { trace, operation: operations[i] ?? 0, origin: origins[i] ?? 0 };
      next = writeSpan(block, next, spans[i] as SpanRecord, numbers);
    }
    parts.push([id, at, bytes, service]);
    return end;
  }

  #applyArrival({ draft, spans, origins, operations, parts }: Arrival): void {
    const { traces, links, catalog } = this.#state;
    const entry = traces.arrive(draft.traceId);
    entry.ids = draft.ids ?? entry.ids;
    for (const part of parts) traces.addPart(entry, part);
    useNames(catalog, entry.names, operations, origins);
    for (const [i, span] of spans.entries()) {
      traces.count(entry, span, operations[i] ?? 0, bytesOfSpan(span));
      links.add(entry, span.linkedTraceIds);
    }
    this.#result.stored += spans.length;
    if (entry.isLate) this.#result.late += spans.length;
  }
}
