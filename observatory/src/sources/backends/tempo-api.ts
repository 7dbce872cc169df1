// Tempo's HTTP API: search with TraceQL, then each trace by its id.
import type { Span, Trace } from '../../trace/span.ts';
import { isObject, type JsonObject } from '../../wire/read-json.ts';
import { groupTraces } from '../group-traces.ts';
import type { JsonAnswer } from './fetch-json.ts';
import { describeAnswer, type HttpClient } from './http-client.ts';
import { ForeignAnswer, type Found, type QueryApi, type Search } from './query-api.ts';
import { queryString } from './query-string.ts';

const PARALLEL = 6;
const ID_DIGITS = 32;
/** Tempo's own default for `max_search_duration`, less a margin for clocks. */
const MAX_WINDOW_MS = 168 * 3_600_000 - 60_000;

/** Conditions on one and the same root span, and a service anywhere in the trace. */
function traceQl({ service, operation, minDurationMs }: Search): string {
  const root = [
    ...(operation === undefined ? [] : [`rootName = ${JSON.stringify(operation)}`]),
    ...(minDurationMs === undefined ? [] : [`traceDuration >= ${Math.floor(minDurationMs)}ms`]),
  ];
  const parts = root.length === 0 ? [] : [`{ ${root.join(' && ')} }`];
  if (service !== undefined) parts.push(`{ resource.service.name = ${JSON.stringify(service)} }`);
  return parts.length === 0 ? '{}' : parts.join(' && ');
}

function idsIn(json: unknown): string[] | undefined {
  const traces = isObject(json) ? (json['traces'] ?? ('metrics' in json ? [] : undefined)) : undefined;
  if (!Array.isArray(traces)) return undefined;
  const ids = traces.map((one: unknown) => String((one as JsonObject | null)?.['traceID'] ?? ''));
  return ids.filter((id) => id !== '').map((id) => id.toLowerCase().padStart(ID_DIGITS, '0'));
}

/** Queries one Tempo. */
export class TempoApi implements QueryApi {
  readonly engine = 'Tempo';
  readonly needsService = false;
  readonly resolutionMs = 1_000;
  readonly maxWindowMs: number = MAX_WINDOW_MS;
  readonly #client: HttpClient;
  onWarning: (text: string) => void = () => undefined;

  constructor(client: HttpClient) {
    this.#client = client;
  }

  get name(): string {
    return this.#client.name;
  }

  async services(): Promise<string[]> {
    const { json } = await this.#client.get('api/search/tag/service.name/values');
    const values = isObject(json) ? json['tagValues'] : undefined;
    return Array.isArray(values) ? values.map(String) : [];
  }

  async operations(_service: string, operation: string): Promise<string[]> {
    return [operation];
  }

  async search(search: Search): Promise<Found> {
    const query = queryString({
      q: traceQl(search),
      start: Math.floor(search.fromMs / 1000),
      end: Math.ceil(search.toMs / 1000),
      limit: search.limit,
    });
    const answer = await this.#client.get(`api/search?${query}`);
    const ids = answer.status === 200 ? idsIn(answer.json) : undefined;
    if (ids === undefined) throw this.#wrong(answer);
    return { traces: await this.#traces(ids), hasMore: ids.length >= search.limit };
  }

  async #traces(ids: readonly string[]): Promise<Trace[]> {
    const open = [...ids];
    const traces: Trace[] = [];
    const work = async (): Promise<void> => {
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        traces.push(...groupTraces(await this.trace(id)));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return traces;
  }

  /** By `/api/v2/traces`, which tells when a trace is only a part of itself, else by `/api/traces`. */
  async trace(traceId: string): Promise<readonly Span[]> {
    const v2 = await this.#client.get(`api/v2/traces/${traceId}`);
    if (v2.status === 200 && isObject(v2.json) && ('trace' in v2.json || 'metrics' in v2.json)) {
      if (v2.json['status'] === 'PARTIAL' || v2.json['status'] === 1) this.#warnPartial(traceId, v2.json);
      return this.#client.decode(v2).spans;
    }
    const v1 = await this.#client.get(`api/traces/${traceId}`);
    if (v1.status === 404) return [];
    const isTrace = isObject(v1.json) && ('batches' in v1.json || 'resourceSpans' in v1.json);
    if (v1.status !== 200 || !isTrace) throw this.#wrong(v1);
    return this.#client.decode(v1).spans;
  }

  #warnPartial(traceId: string, json: JsonObject): void {
    const reason =
      typeof json['message'] === 'string' && json['message'] !== '' ? ` (${json['message']})` : '';
    this.onWarning(`Trace ${traceId} is larger than ${this.name} returns${reason}; spans of it are missing.`);
  }

  async isHere(): Promise<boolean> {
    const echo = await this.#client.get('api/echo');
    if (echo.status === 200 && echo.text === 'echo') return true;
    const search = await this.#client.get('api/search?q=%7B%7D&limit=1');
    return search.status === 200 && idsIn(search.json) !== undefined;
  }

  #wrong(answer: JsonAnswer): Error {
    if (answer.status >= 400 && answer.status !== 404) return this.#client.refused(answer);
    return new ForeignAnswer(this.name, this.engine, describeAnswer(answer));
  }
}
