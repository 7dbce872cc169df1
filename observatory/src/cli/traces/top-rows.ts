// Keeps the rows that are printed of any number of traces.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { summarizeTrace, type TraceRow } from './summarize-trace.ts';

/** What traces are sorted by, the largest first. */
export type SortKey = 'start' | 'duration' | 'spans' | 'errors';

const VALUES: Readonly<Record<SortKey, (row: TraceRow) => number>> = {
  start: (row) => row.startMs,
  duration: (row) => row.durationMs,
  spans: (row) => row.spans,
  errors: (row) => row.errors,
};

export interface TopRows {
  readonly add: (analysis: TraceAnalysis) => void;
  readonly finish: () => TraceRow[];
}

/** The `limit` first rows by a key, of equal ones the newest; twice as many are held at most. */
export function topRows(sort: SortKey, limit: number): TopRows {
  const measure = VALUES[sort];
  let rows: TraceRow[] = [];
  const cut = (): void => {
    rows = rows.sort((a, b) => measure(b) - measure(a) || b.startMs - a.startMs).slice(0, limit);
  };
  return {
    add: (analysis) => {
      const row = summarizeTrace(analysis);
      if (row !== undefined && rows.push(row) >= 2 * limit) cut();
    },
    finish: () => {
      cut();
      return rows;
    },
  };
}
