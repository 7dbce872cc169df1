// Every trace of a backend that a query asks for, over one search or, where the API wants one, one a service.
import type { Trace } from '../../trace/span.ts';
import { matchesQuery, NewestTraces, type TraceQuery } from '../trace-query.ts';
import type { ReadEvents } from '../trace-source.ts';
import { pageTraces } from './page-traces.ts';
import type { QueryApi, Search } from './query-api.ts';

const MINUTE_MS = 60_000;
/** How far back traces are looked for when nothing is said. */
export const LOOKBACK_MS: number = 7 * 24 * 60 * MINUTE_MS;

/** A Jaeger that traces itself must not find its own queries; it is left aside as long as others are there. */
export function askable(services: readonly string[]): readonly string[] {
  const others = services.filter((service) => !/^jaeger(-|$)/.test(service));
  return others.length > 0 ? others : services;
}

function windowOf({ sinceMs, untilMs }: TraceQuery, now: number): { fromMs: number; toMs: number } {
  const toMs = untilMs ?? now + MINUTE_MS;
  return { fromMs: sinceMs ?? toMs - LOOKBACK_MS, toMs };
}

/**
 * The searches that find every trace which meets the query, and others too. An operation and a duration are the
 * root's, whose service is not known: they are searched for in every service, and a service without them by itself.
 */
async function searchesFor(api: QueryApi, query: TraceQuery, now: number): Promise<Search[]> {
  const { service, operation, minDurationMs, last } = query;
  const base = { ...windowOf(query, now), limit: last ?? Number.POSITIVE_INFINITY };
  const root = minDurationMs === undefined ? base : { ...base, minDurationMs };
  if (!api.needsService) {
    if (operation === undefined) return [service === undefined ? root : { ...base, service }];
    const names = await api.operations(service ?? '', operation);
    return names.map((name) => ({ ...root, operation: name }));
  }
  if (operation === undefined && service !== undefined) return [{ ...base, service }];
  const services = askable(await api.services());
  if (operation === undefined) return services.map((one) => ({ ...root, service: one }));
  const searches = services.map(async (one) =>
    (await api.operations(one, operation)).map((name) => ({ ...root, service: one, operation: name })),
  );
  return (await Promise.all(searches)).flat();
}

/** Traces of one search that meet the query; with `last` so many of them. */
async function* matchesOf(
  api: QueryApi,
  search: Search,
  query: TraceQuery,
  count: (traces: readonly Trace[]) => void,
): AsyncGenerator<Trace> {
  let left = query.last ?? Number.POSITIVE_INFINITY;
  for await (const page of pageTraces(api, search)) {
    count(page);
    const matching = page.filter((trace) => matchesQuery(trace, query));
    yield* matching;
    left -= matching.length;
    if (left <= 0) return;
  }
}

/** The traces of all searches, each once. */
async function* findTraces(
  api: QueryApi,
  query: TraceQuery,
  now: number,
  { onProgress }: ReadEvents,
): AsyncGenerator<Trace> {
  const given = new Set<string>();
  const seen = new Set<string>();
  let spans = 0;
  const count = (traces: readonly Trace[]): void => {
    for (const trace of traces) {
      if (!seen.has(trace.traceId)) spans += trace.spans.length;
      seen.add(trace.traceId);
    }
    onProgress?.({ traces: seen.size, spans });
  };
  for (const search of await searchesFor(api, query, now)) {
    for await (const trace of matchesOf(api, search, query, count)) {
      if (given.has(trace.traceId)) continue;
      given.add(trace.traceId);
      yield trace;
    }
  }
}

/** Lists the traces of a backend; `now` in milliseconds since the Unix epoch. */
export async function* listTraces(
  api: QueryApi,
  query: TraceQuery,
  now: number,
  events: ReadEvents,
): AsyncGenerator<Trace> {
  const found = findTraces(api, query, now, events);
  if (query.last === undefined) return yield* found;
  const newest = new NewestTraces(query.last);
  for await (const trace of found) newest.add(trace);
  yield* newest.traces;
}
