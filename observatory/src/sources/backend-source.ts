// Traces from the embedded backend or a Jaeger, over Jaeger's query API.
import { Readable } from 'node:stream';
import type { Trace } from '../trace/span.ts';
import type { FetchLimits } from './fetch-json.ts';
import { groupTraces } from './group-traces.ts';
import { JaegerApi } from './jaeger-api.ts';
import { newestTrace } from './newest-trace.ts';
import { SourceError } from './source-error.ts';
import { parseSourceUrl } from './source-url.ts';
import { selectTraces, type TraceQuery } from './trace-query.ts';
import type { TraceSource } from './trace-source.ts';

export interface BackendOptions {
  /** What the URL was given as, for errors. */
  readonly from: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly limits?: FetchLimits;
}

const MINUTE_MS = 60_000;
/** How far back the newest trace is looked for: the last hour first, because a short search costs a backend less. */
const LOOKBACKS_MS: readonly number[] = [60 * MINUTE_MS, 7 * 24 * 60 * MINUTE_MS];
const TRACES_PER_SERVICE = 20;
const PARALLEL = 6;
const MOST_TRACES = 1_000;

/** A Jaeger that traces itself must not find its own queries; it is left aside as long as others are there. */
function askable(services: readonly string[]): readonly string[] {
  const others = services.filter((service) => !/^jaeger(-|$)/.test(service));
  return others.length > 0 ? others : services;
}

/** Every trace that any of the services took part in, once. */
async function searchAll(
  api: JaegerApi,
  services: readonly string[],
  fromMs: number,
  toMs: number,
  limit: number = TRACES_PER_SERVICE,
): Promise<Trace[]> {
  const traces = new Map<string, Trace>();
  const open = [...services];
  const work = async (): Promise<void> => {
    for (let service = open.pop(); service !== undefined; service = open.pop()) {
      const found = await api.search({ service, fromMs, toMs, limit });
      for (const trace of groupTraces(found)) {
        const known = traces.get(trace.traceId)?.spans.length ?? 0;
        if (trace.spans.length > known) traces.set(trace.traceId, trace);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return [...traces.values()];
}

async function readNewest(api: JaegerApi, now: number): Promise<Trace> {
  const services = askable(await api.services());
  for (const lookback of services.length > 0 ? LOOKBACKS_MS : []) {
    const trace = newestTrace(await searchAll(api, services, now - lookback, now + MINUTE_MS));
    if (trace !== undefined) return trace;
  }
  const text = `${api.name} has no traces of the last 7 days; send a request to a traced service first.`;
  throw new SourceError('ERR_LONGPOLE_NO_TRACES', text);
}

async function* listTraces(api: JaegerApi, query: TraceQuery, now: number): AsyncGenerator<Trace> {
  const services = query.service === undefined ? askable(await api.services()) : [query.service];
  const from = query.sinceMs ?? now - Math.max(...LOOKBACKS_MS);
  const limit = query.last ?? MOST_TRACES;
  const traces = await searchAll(api, services, from, query.untilMs ?? now + MINUTE_MS, limit);
  yield* selectTraces(Readable.from(traces), query);
}

async function readById(api: JaegerApi, traceId: string): Promise<Trace> {
  const spans = (await api.trace(traceId)).filter((span) => span.traceId === traceId);
  if (spans.length > 0) return { traceId, spans };
  const text = `Trace ${traceId} is not in ${api.name}; it may not have arrived yet (--wait 10 waits for it) or not be sampled.`;
  throw new SourceError('ERR_LONGPOLE_TRACE_NOT_FOUND', text);
}

/**
 * Traces of the backend at `url`.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_URL` when `url` is no http(s) URL.
 */
export function backendSource(url: string, options: BackendOptions): TraceSource {
  const api = new JaegerApi(parseSourceUrl(url, options.from), options.limits);
  const read = (traceId: string | undefined): Promise<Trace> =>
    traceId === undefined ? readNewest(api, options.now()) : readById(api, traceId);
  return { name: api.name, read, list: (query) => listTraces(api, query, options.now()) };
}
