// One search after the other, each further back in time, until a backend has no more.
import { maxNs, minNs, nsToMs } from '../../trace/nanoseconds.ts';
import type { Trace } from '../../trace/span.ts';
import type { QueryApi, Search } from './query-api.ts';

/** How many traces an answer should hold at most: what comes is held at once. */
const PAGE: number = 100;

/** Start of the last span by which the search may have found the trace, milliseconds. */
function lastStartMs({ spans }: Trace, service: string | undefined): number {
  const searched = spans.filter((span) => service === undefined || span.service === service);
  return nsToMs(
    (searched.length > 0 ? searched : spans).reduce((last, span) => maxNs(last, span.startNs), 0n),
  );
}

function firstStartMs({ spans }: Trace): number {
  return nsToMs(spans.reduce((first, span) => minNs(first, span.startNs), spans[0]?.startNs ?? 0n));
}

/**
 * Where the next page ends: before the oldest trace of this one. The backend may have gone by any span of a trace,
 * so the last one counts; when that does not lead on, the first.
 */
function nextEnd(traces: readonly Trace[], { service, toMs }: Search, isNew: boolean): number {
  const overlapping = Math.min(...traces.map((trace) => lastStartMs(trace, service)));
  const end = isNew ? Math.ceil(overlapping) : Math.floor(Math.min(...traces.map(firstStartMs)));
  return end < toMs ? end : Math.floor(Math.min(...traces.map(firstStartMs)));
}

/** Traces of one search, newest page first, each once. */
export async function* pageTraces(api: QueryApi, search: Search): AsyncGenerator<readonly Trace[]> {
  const seen = new Set<string>();
  let { toMs } = search;
  const limit = Math.min(search.limit, PAGE);
  while (toMs > search.fromMs) {
    const fromMs = Math.max(search.fromMs, toMs - (api.maxWindowMs ?? Number.POSITIVE_INFINITY));
    const page = { ...search, fromMs, toMs, limit };
    const { traces, hasMore } = await api.search(page);
    const fresh = traces.filter(({ traceId }) => !seen.has(traceId));
    for (const { traceId } of fresh) seen.add(traceId);
    if (fresh.length > 0) yield fresh;
    if (!hasMore || traces.length === 0) {
      toMs = fromMs;
      continue;
    }
    const end = nextEnd(traces, page, fresh.length > 0);
    if (end >= toMs) {
      api.onWarning(
        `${api.name} has more than ${traces.length} traces of ${new Date(toMs).toISOString()}; those it did not send were left out.`,
      );
      return;
    }
    toMs = end;
  }
}
