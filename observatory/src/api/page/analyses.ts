// Analyses and verdicts of stored traces, kept until spans arrive for them again.
import { analyzeTrace, type TraceAnalysis } from '../../analysis/analyze-trace.ts';
import type { TraceStore } from '../../store/index.ts';
import { toVerdict, type Verdict } from '../../view/index.ts';

/** Spans that kept analyses may hold together, and how many verdicts are kept. */
const MAX_SPANS = 250_000;
const MAX_VERDICTS = 20_000;

/** An analysis, and the arrival up to which it was made. */
export interface Kept {
  readonly arrival: number;
  readonly analysis: TraceAnalysis;
}

/** Remembers the analyses last asked for, within a bound of spans, and the verdicts of many more. */
export class Analyses {
  readonly #store: TraceStore;
  readonly #kept = new Map<string, Kept>();
  readonly #verdicts = new Map<string, Verdict>();
  #spans = 0;

  constructor(store: TraceStore) {
    this.#store = store;
  }

  /** The analysis of a trace with all spans that have arrived; `undefined` when it is not stored. */
  of(traceId: string): Kept | undefined {
    const arrival = this.#store.summary(traceId)?.arrival;
    const kept = this.#kept.get(traceId);
    if (kept !== undefined) this.#forget(traceId, kept);
    if (arrival === undefined) return undefined;
    const current = kept?.arrival === arrival ? kept : this.#analyze(traceId, arrival);
    if (current !== undefined) this.#keep(traceId, current);
    return current;
  }

  /** The verdict on a trace; `undefined` when it is not stored. */
  verdict(traceId: string): Verdict | undefined {
    const arrival = this.#store.summary(traceId)?.arrival;
    if (arrival === undefined) return undefined;
    const known = this.#verdicts.get(traceId);
    if (known?.arrival === arrival) return known;
    const current = this.#kept.get(traceId);
    const analyzed = current?.arrival === arrival ? current : this.#analyze(traceId, arrival);
    if (analyzed === undefined) return undefined;
    const verdict = toVerdict(analyzed.analysis, arrival);
    this.#verdicts.delete(traceId);
    this.#verdicts.set(traceId, verdict);
    dropOldest(this.#verdicts, MAX_VERDICTS);
    return verdict;
  }

  #analyze(traceId: string, arrival: number): Kept | undefined {
    const trace = this.#store.trace(traceId);
    return trace === undefined ? undefined : { arrival, analysis: analyzeTrace(trace) };
  }

  #keep(traceId: string, kept: Kept): void {
    this.#kept.set(traceId, kept);
    this.#spans += kept.analysis.tree.nodes.length;
    for (const [oldest, other] of this.#kept) {
      if (this.#spans <= MAX_SPANS || oldest === traceId) return;
      this.#forget(oldest, other);
    }
  }

  #forget(traceId: string, kept: Kept): void {
    if (this.#kept.delete(traceId)) this.#spans -= kept.analysis.tree.nodes.length;
  }
}

function dropOldest(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
