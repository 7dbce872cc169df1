// The two query APIs of Jaeger, as the embedded backend and every Jaeger since 1.35 speak them.
import type { Span } from '../trace/span.ts';
import { isObject } from '../wire/read-json.ts';
import { WireError } from '../wire/wire-error.ts';
import { decodeJson } from './decode-json.ts';
import { DEFAULT_LIMITS, type FetchLimits, fetchJson, type JsonAnswer } from './fetch-json.ts';
import { SourceError } from './source-error.ts';
import type { SourceUrl } from './source-url.ts';

/** A search of one service's traces in a window of time, milliseconds since the Unix epoch. */
export interface Search {
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

/** Jaeger 2.20 reads camel case, older ones snake case; each leaves the other's parameters alone. */
function v3Query({ service, fromMs, toMs, limit }: Search): URLSearchParams {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return new URLSearchParams([
    ['query.serviceName', service],
    ['query.service_name', service],
    ['query.startTimeMin', from],
    ['query.start_time_min', from],
    ['query.startTimeMax', to],
    ['query.start_time_max', to],
    ['query.searchDepth', String(limit)],
    ['query.num_traces', String(limit)],
  ]);
}

function legacyQuery({ service, fromMs, toMs, limit }: Search): URLSearchParams {
  return new URLSearchParams([
    ['service', service],
    ['start', String(fromMs * 1000)],
    ['end', String(toMs * 1000)],
    ['limit', String(limit)],
  ]);
}

function stringsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

/** What went wrong according to the backend: v3 has `error.message`, the first API `errors[].msg`. */
function complaintOf(json: unknown): string {
  if (!isObject(json)) return '';
  const { error, errors } = json as { error?: { message?: unknown }; errors?: { msg?: unknown }[] };
  return String(error?.message ?? errors?.[0]?.msg ?? '');
}

/** Queries one Jaeger: API v3 where there is one, else the first API. */
export class JaegerApi {
  readonly name: string;
  readonly #url: SourceUrl;
  readonly #limits: FetchLimits;

  constructor(url: SourceUrl, limits: FetchLimits = DEFAULT_LIMITS) {
    this.name = url.name;
    this.#url = url;
    this.#limits = limits;
  }

  /** Names of all services. */
  async services(): Promise<string[]> {
    const v3 = await this.#get('api/v3/services');
    const named = isObject(v3.json) ? stringsIn(v3.json['services']) : undefined;
    if (named !== undefined) return named;
    const legacy = await this.#get('api/services');
    const { json } = legacy;
    if (!isObject(json) || !('data' in json)) throw this.#noBackend(legacy);
    return stringsIn(json['data']) ?? [];
  }

  /** Spans of the newest traces that a search finds. */
  async search(search: Search): Promise<Span[]> {
    return this.#spans(`api/v3/traces?${v3Query(search)}`, `api/traces?${legacyQuery(search)}`);
  }

  /** Spans of one trace; none when it is not there. */
  async trace(traceId: string): Promise<Span[]> {
    return this.#spans(`api/v3/traces/${traceId}`, `api/traces/${traceId}`);
  }

  async #spans(v3Path: string, legacyPath: string): Promise<Span[]> {
    const v3 = await this.#get(v3Path);
    const isAnswered = isObject(v3.json) && ('result' in v3.json || 'error' in v3.json);
    if (isAnswered && (v3.status === 200 || v3.status === 404)) return this.#decode(v3);
    const legacy = await this.#get(legacyPath);
    if (isObject(legacy.json) && 'data' in legacy.json) return this.#decode(legacy);
    throw isAnswered ? this.#refused(v3) : this.#noBackend(legacy);
  }

  #decode({ status, json }: JsonAnswer): Span[] {
    if (status === 404) return [];
    if (status !== 200) throw this.#refused({ status, json });
    try {
      return decodeJson(json)?.spans ?? [];
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const text = `${this.name} sent a trace that cannot be read: ${error.message}.`;
      throw new SourceError('ERR_LONGPOLE_SOURCE_ANSWER', text, error);
    }
  }

  async #get(path: string): Promise<JsonAnswer> {
    return fetchJson(new URL(path, this.#url.base), this.name, this.#url.headers, this.#limits);
  }

  #refused({ status, json }: JsonAnswer): SourceError {
    const text = `${this.name} answered ${status}: ${complaintOf(json) || 'no reason given'}.`;
    return new SourceError('ERR_LONGPOLE_SOURCE_ANSWER', text);
  }

  #noBackend({ status }: JsonAnswer): SourceError {
    const text = `${this.name} answers, but not as Jaeger's query API does (status ${status}); is it the right address?`;
    return new SourceError('ERR_LONGPOLE_SOURCE_ANSWER', text);
  }
}
