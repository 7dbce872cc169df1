// The newest request in a backend, found among the newest traces of each service.
import type { Trace } from '../../trace/span.ts';
import { newestTrace } from '../newest-trace.ts';
import { SourceError } from '../source-error.ts';
import { askable } from './list-traces.ts';
import type { QueryApi } from './query-api.ts';

const MINUTE_MS = 60_000;
/** How far back the newest trace is looked for: the last hour first, because a short search costs a backend less. */
const LOOKBACKS_MS: readonly number[] = [60 * MINUTE_MS, 7 * 24 * 60 * MINUTE_MS];
const TRACES_PER_SERVICE = 20;
const PARALLEL = 6;

/** Every trace that any of the services took part in, once. */
async function searchAll(
  api: QueryApi,
  services: readonly (string | undefined)[],
  fromMs: number,
  toMs: number,
): Promise<Trace[]> {
  const traces = new Map<string, Trace>();
  const open = services.map((service) => (service === undefined ? {} : { service }));
  const work = async (): Promise<void> => {
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const found = await api.search({ ...one, fromMs, toMs, limit: TRACES_PER_SERVICE });
      for (const trace of found.traces) {
        const known = traces.get(trace.traceId)?.spans.length ?? 0;
        if (trace.spans.length > known) traces.set(trace.traceId, trace);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return [...traces.values()];
}

/** @throws SourceError `ERR_LONGPOLE_NO_TRACES` when there is none of the last 7 days. */
export async function readNewest(api: QueryApi, now: number): Promise<Trace> {
  const services = api.needsService ? askable(await api.services()) : [undefined];
  const toMs = now + MINUTE_MS;
  for (const lookback of services.length > 0 ? LOOKBACKS_MS : []) {
    const fromMs = Math.max(now - lookback, toMs - (api.maxWindowMs ?? Number.POSITIVE_INFINITY));
    const trace = newestTrace(await searchAll(api, services, fromMs, toMs));
    if (trace !== undefined) return trace;
  }
  const text = `${api.name} has no traces of the last 7 days; send a request to a traced service first.`;
  throw new SourceError('ERR_LONGPOLE_NO_TRACES', text);
}
