// Traces from a backend over HTTP: the embedded one, Jaeger, Zipkin or Tempo.
import type { Trace } from '../trace/span.ts';
import { DetectedApi, portHint } from './backends/detect-api.ts';
import type { FetchLimits } from './backends/fetch-json.ts';
import { HttpClient } from './backends/http-client.ts';
import { listTraces } from './backends/list-traces.ts';
import { readNewest } from './backends/newest-request.ts';
import type { QueryApi } from './backends/query-api.ts';
import { SourceError } from './source-error.ts';
import { parseSourceUrl } from './source-url.ts';
import type { TraceQuery } from './trace-query.ts';
import type { ReadEvents, TraceSource } from './trace-source.ts';

export interface BackendOptions {
  /** What the URL was given as, for errors. */
  readonly from: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Sent with every request; an Authorization here replaces the one of the URL. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For each answer; default 15 s and 256 MiB. */
  readonly limits?: FetchLimits;
}

async function readById(api: QueryApi, traceId: string): Promise<Trace> {
  const spans = (await api.trace(traceId)).filter((span) => span.traceId === traceId);
  if (spans.length > 0) return { traceId, spans };
  const text = `Trace ${traceId} is not in ${api.name}; it may not have arrived yet (--wait 10 waits for it) or not be sampled.`;
  throw new SourceError('ERR_LONGPOLE_TRACE_NOT_FOUND', text);
}

/** The error with a word about the port, where nothing answered and the port is known for something else. */
function withHint(error: unknown, hint: string): unknown {
  const isSilent = error instanceof SourceError && error.code === 'ERR_LONGPOLE_SOURCE_UNREACHABLE';
  return isSilent && hint !== '' ? new SourceError(error.code, `${error.message}${hint}`, error) : error;
}

/**
 * Traces of the backend at `url`. Which engine it is, is found out by asking, unless the URL says it:
 * `jaeger+http://…`, `zipkin+http://…`, `tempo+http://…`.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_URL` when `url` is no http(s) URL.
 */
export function backendSource(url: string, options: BackendOptions): TraceSource {
  const address = parseSourceUrl(url, options.from);
  const detected = new DetectedApi(address, new HttpClient(address, options.headers, options.limits));
  const ask = async <T>(question: (api: QueryApi) => Promise<T>, events: ReadEvents = {}): Promise<T> => {
    try {
      return await detected.ask((api) => {
        api.onWarning = (text) => events.onWarning?.(text);
        return question(api);
      });
    } catch (error) {
      throw withHint(error, portHint(address));
    }
  };
  const read = (traceId: string | undefined, events?: ReadEvents): Promise<Trace> =>
    ask((api) => (traceId === undefined ? readNewest(api, options.now()) : readById(api, traceId)), events);
  async function* list(query: TraceQuery, events: ReadEvents = {}): AsyncGenerator<Trace> {
    const api = await ask(async (one) => {
      await one.services();
      return one;
    }, events);
    yield* listTraces(api, query, options.now(), events);
  }
  return { name: address.name, read, list };
}
