// Rows of the page's list of traces, from what the store knows without reading spans.
import type { TraceStore, TraceSummary } from '../../store/index.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import type { TraceRow } from '../../view/index.ts';
import { isJob, type ListRequest } from './list-query.ts';

export function toRow(trace: TraceSummary): TraceRow {
  const { traceId, rootService, rootOperation, startNs, durationNs, spans, errors, arrival } = trace;
  return {
    traceId,
    service: rootService,
    operation: rootOperation,
    isJob: isJob(trace),
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
  return ids.flatMap((id) => store.summary(id) ?? []);
}

function newestFirst(a: TraceSummary, b: TraceSummary): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? 1 : -1;
  return b.arrival - a.arrival;
}

/** The rows that are asked for, the last begun first. */
export async function listRows(store: TraceStore, request: ListRequest): Promise<TraceRow[]> {
  const found = (await candidates(store, request)).filter(request.accepts);
  return found.sort(newestFirst).slice(0, request.limit).map(toRow);
}
