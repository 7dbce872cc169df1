// The list of traces: loaded by the filters, kept up to date by what arrives.
import { useEffect, useState } from 'react';
import type { TraceRow } from '../../../../src/view/index.ts';
import { fetchTraces } from '../../api/client.ts';
import { type LiveState, useLive } from '../../api/live.ts';
import { type Loaded, useLoaded } from '../../api/use-loaded.ts';

const LIMIT = 10_000;
const RELOAD_MS = 1_000;

/** The rows with newer news in place of older, the last begun first; at most 10 000. */
export function mergeRows(rows: readonly TraceRow[], news: readonly TraceRow[]): TraceRow[] {
  const fresh = new Map(news.map((row) => [row.traceId, row]));
  const kept = rows.filter((row) => (fresh.get(row.traceId)?.arrival ?? -1) < row.arrival);
  for (const row of kept) fresh.delete(row.traceId);
  return [...fresh.values(), ...kept]
    .sort((a, b) => b.startMs - a.startMs || b.arrival - a.arrival)
    .slice(0, LIMIT);
}

export interface TraceListState {
  readonly rows: readonly TraceRow[];
  readonly stored: number;
  readonly live: LiveState;
  readonly loaded: Loaded<unknown>;
}

/** Rows for the filters in `query`. With filters, news make the list load again, as only the backend can judge them. */
export function useTraceList(query: string, isLive: boolean): TraceListState {
  const loaded = useLoaded(`traces ${query}`, (signal) => {
    const parameters = new URLSearchParams(query);
    parameters.set('limit', String(LIMIT));
    return fetchTraces(parameters, signal);
  });
  const [rows, setRows] = useState<readonly TraceRow[]>([]);
  const [isStale, setStale] = useState(false);
  const { value, reload } = loaded;
  useEffect(() => {
    if (value !== undefined) setRows(value.traces);
  }, [value]);
  const live = useLive(isLive, (news) => {
    if (query === '') setRows((last) => mergeRows(last, news));
    else setStale(true);
  });
  useEffect(() => {
    if (!isStale) return;
    const timer = setTimeout(() => {
      setStale(false);
      reload();
    }, RELOAD_MS);
    return () => clearTimeout(timer);
  }, [isStale, reload]);
  return { rows, stored: Math.max(value?.stored ?? 0, rows.length), live, loaded };
}
