// Rows of the page's list of traces, from what the store knows without reading spans.
import type { TraceStore, TraceSummary } from '../../store/index.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import type { TraceRow } from '../../view/index.ts';
import type { ListRequest } from './list-query.ts';

export function toRow(trace: TraceSummary): TraceRow {
  const { traceId, rootService, rootOperation, startNs, durationNs, spans, errors, arrival } = trace;
  return {
    traceId,
    service: rootService,
    operation: rootOperation,
    startMs: nsToMs(startNs),
    durationMs: nsToMs(durationNs),
    spans,
    errors,
    arrival,
  };
}

async function candidates(store: TraceStore, { search }: ListRequest): Promise<readonly TraceSummary[]> {
  if (search === undefined) return store.newest(Number.POSITIVE_INFINITY);
  const ids = await store.find(search);
  return ids.flatMap((id) => store.summary(id) ?? []).sort((a, b) => b.arrival - a.arrival);
}

/** The rows that are asked for, the last arrived first. */
export async function listRows(store: TraceStore, request: ListRequest): Promise<TraceRow[]> {
  const rows: TraceRow[] = [];
  for (const trace of await candidates(store, request)) {
    if (rows.length >= request.limit) break;
    if (request.accepts(trace)) rows.push(toRow(trace));
  }
  return rows;
}
