// All traces of one search, newest first, whatever a backend leaves out when there are more than it sends at once.
import { nsToMs } from '../../trace/nanoseconds.ts';
import type { Trace } from '../../trace/span.ts';
import type { QueryApi, Search } from './query-api.ts';

/** Most traces of one answer: what comes is held at once. */
const PAGE = 100;
const SMALLEST_PAGE = 20;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Starts of the spans by which the search may have found the trace, as far as they lie within the window. */
function startsIn({ spans }: Trace, { fromMs, toMs, service }: Search): number[] {
  return spans
    .filter((span) => service === undefined || span.service === service)
    .map((span) => nsToMs(span.startNs))
    .filter((startMs) => startMs > fromMs && startMs < toMs);
}

/**
 * Where to cut a window that has more traces than were sent: in the middle of those that were, because backends send
 * those that arrived last, those that started last, or any.
 */
function cutOf(traces: readonly Trace[], search: Search): number {
  const { fromMs, toMs } = search;
  const starts = traces
    .map((trace) => Math.min(...startsIn(trace, search)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const median = Math.floor(starts[Math.floor(starts.length / 2)] ?? 0);
  return median > fromMs && median < toMs ? median : Math.floor((fromMs + toMs) / 2);
}

/** The windows of a search, the oldest first, each as long as the backend allows. */
function windowsOf({ maxWindowMs = Number.POSITIVE_INFINITY }: QueryApi, { fromMs, toMs }: Search): Window[] {
  const windows: Window[] = [];
  for (let end = toMs; end > fromMs; end -= maxWindowMs) {
    windows.unshift({ fromMs: Math.max(fromMs, end - maxWindowMs), toMs: end });
  }
  return windows;
}

function warnLeftOut(api: QueryApi, { fromMs }: Window, count: number): void {
  const time = new Date(fromMs).toISOString();
  api.onWarning(`${api.name} has more than ${count} traces of ${time}; those it did not send were left out.`);
}

/**
 * Traces of one search, each once: of the newest time first, in lists of which each is whole for its time. A window
 * of time with more traces than one answer holds is cut in two and asked again.
 */
export async function* pageTraces(api: QueryApi, search: Search): AsyncGenerator<readonly Trace[]> {
  const limit = Math.min(Math.max(search.limit * 2, SMALLEST_PAGE), PAGE);
  const open = windowsOf(api, search);
  const seen = new Set<string>();
  for (let window = open.pop(); window !== undefined; window = open.pop()) {
    const part = { ...search, ...window, limit };
    const { traces, hasMore } = await api.search(part);
    const isDivisible = window.toMs - window.fromMs > api.resolutionMs;
    if (hasMore && isDivisible) {
      const cutMs = cutOf(traces, part);
      open.push({ fromMs: window.fromMs, toMs: cutMs }, { fromMs: cutMs, toMs: window.toMs });
      continue;
    }
    if (hasMore) warnLeftOut(api, window, traces.length);
    const fresh = traces.filter(({ traceId }) => !seen.has(traceId));
    for (const { traceId } of fresh) seen.add(traceId);
    if (fresh.length > 0) yield fresh;
  }
}
