// The two query APIs of Jaeger, as the embedded backend and every Jaeger since 1.35 speak them.
import type { Span } from '../../trace/span.ts';
import { isObject } from '../../wire/read-json.ts';
import { groupTraces } from '../group-traces.ts';
import { SourceError } from '../source-error.ts';
import type { JsonAnswer } from './fetch-json.ts';
import { describeAnswer, type HttpClient } from './http-client.ts';
import { ForeignAnswer, type Found, type QueryApi, type Search } from './query-api.ts';
import { queryString } from './query-string.ts';

/** Jaeger 2.20 reads camel case, older ones snake case; each leaves the other's parameters alone. */
function v3Query(search: Search): string {
  const { service = '', operation, fromMs, toMs, minDurationMs, limit } = search;
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const duration = minDurationMs === undefined ? undefined : `${minDurationMs}ms`;
  return queryString({
    'query.serviceName': service,
    'query.service_name': service,
    'query.operationName': operation,
    'query.operation_name': operation,
    'query.startTimeMin': from,
    'query.start_time_min': from,
    'query.startTimeMax': to,
    'query.start_time_max': to,
    'query.durationMin': duration,
    'query.duration_min': duration,
    'query.searchDepth': limit,
    'query.num_traces': limit,
  });
}

function legacyQuery({ service = '', operation, fromMs, toMs, minDurationMs, limit }: Search): string {
  return queryString({
    service,
    operation,
    start: Math.floor(fromMs * 1000),
    end: Math.ceil(toMs * 1000),
    minDuration: minDurationMs === undefined ? undefined : `${minDurationMs}ms`,
    limit,
  });
}

function stringsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

/** Names in a list of names, or of objects with a name. */
function namesIn(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((one: unknown) => String(isObject(one) ? one['name'] : one));
}

/** Jaeger's memory store refuses a limit that is larger than what it keeps. */
function isTooDeep(error: unknown, limit: number): boolean {
  return error instanceof SourceError && /search depth/i.test(error.message) && limit > 1;
}

/** Queries one Jaeger: API v3 where there is one, else the first API. */
export class JaegerApi implements QueryApi {
  readonly engine = 'Jaeger';
  readonly needsService = true;
  readonly resolutionMs = 1;
  readonly #client: HttpClient;
  onWarning: (text: string) => void = () => undefined;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  get name(): string {
    return this.#client.name;
  }

  async services(): Promise<string[]> {
    const v3 = await this.#client.get('api/v3/services');
    const named = isObject(v3.json) ? stringsIn(v3.json['services']) : undefined;
    if (named !== undefined) return named;
    const legacy = await this.#client.get('api/services');
    const { json } = legacy;
    if (!isObject(json) || !('data' in json)) throw this.#foreign(legacy);
    return stringsIn(json['data']) ?? [];
  }

  async operations(service: string, operation: string): Promise<string[]> {
    const query = queryString({ service });
    const v3 = await this.#client.get(`api/v3/operations?${query}`);
    const found = isObject(v3.json) ? v3.json['operations'] : undefined;
    const legacy = async (): Promise<unknown> => {
      const { json } = await this.#client.get(`api/services/${encodeURIComponent(service)}/operations`);
      return isObject(json) ? json['data'] : undefined;
    };
    const names = namesIn(found ?? (await legacy()));
    return [...new Set(names.filter((name) => name.toLowerCase() === operation.toLowerCase()))];
  }

  async search(search: Search): Promise<Found> {
    try {
      const v3 = `api/v3/traces?${v3Query(search)}`;
      const traces = groupTraces(await this.#spans(v3, `api/traces?${legacyQuery(search)}`));
      return { traces, hasMore: traces.length >= search.limit };
    } catch (error) {
      if (!isTooDeep(error, search.limit)) throw error;
      return this.search({ ...search, limit: Math.floor(search.limit / 2) });
    }
  }

  async trace(traceId: string): Promise<readonly Span[]> {
    return this.#spans(`api/v3/traces/${traceId}`, `api/traces/${traceId}`);
  }

  async isHere(): Promise<boolean> {
    try {
      await this.services();
      return true;
    } catch (error) {
      if (error instanceof ForeignAnswer) return false;
      throw error;
    }
  }

  async #spans(v3Path: string, legacyPath: string): Promise<readonly Span[]> {
    const v3 = await this.#client.get(v3Path);
    const isAnswered = isObject(v3.json) && ('result' in v3.json || isObject(v3.json['error']));
    if (isAnswered && (v3.status === 200 || v3.status === 404)) return this.#decode(v3);
    const legacy = await this.#client.get(legacyPath);
    if (isObject(legacy.json) && 'data' in legacy.json) return this.#decode(legacy);
    throw isAnswered ? this.#client.refused(v3) : this.#foreign(legacy);
  }

  #decode(answer: JsonAnswer): readonly Span[] {
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw this.#client.refused(answer);
    return this.#client.decode(answer).spans;
  }

  #foreign(answer: JsonAnswer): ForeignAnswer {
    return new ForeignAnswer(this.name, this.engine, describeAnswer(answer));
  }
}
