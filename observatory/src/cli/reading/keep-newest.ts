// Keeps the newest of a stream of traces, for conditions that a source cannot check itself.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { compareNs } from '../../trace/nanoseconds.ts';

export interface Newest {
  readonly add: (analysis: TraceAnalysis) => void;
  /** Hands on what was kept, the newest first, and says how many traces were handed on in all. */
  readonly finish: () => number;
}

function byNewest(a: TraceAnalysis, b: TraceAnalysis): number {
  return compareNs(b.tree.root?.span.startNs ?? 0n, a.tree.root?.span.startNs ?? 0n);
}

/** Hands on each trace at once. */
function passOn(visit: (analysis: TraceAnalysis) => void): Newest {
  let count = 0;
  return {
    add: (analysis) => {
      count += 1;
      visit(analysis);
    },
    finish: () => count,
  };
}

/** Hands on the `last` newest traces at the end, or without `last` each one at once. Twice `last` are held at most. */
export function keepNewest(last: number | undefined, visit: (analysis: TraceAnalysis) => void): Newest {
  if (last === undefined) return passOn(visit);
  let kept: TraceAnalysis[] = [];
  const cut = (): void => {
    kept = kept.sort(byNewest).slice(0, last);
  };
  return {
    add: (analysis) => {
      if (kept.push(analysis) >= 2 * last) cut();
    },
    finish: () => {
      cut();
      for (const analysis of kept) visit(analysis);
      return kept.length;
    },
  };
}
