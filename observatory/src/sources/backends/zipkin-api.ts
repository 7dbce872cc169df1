// Zipkin's query API, version 2.
import type { Span } from '../../trace/span.ts';
import type { DecodedJson } from '../decode-json.ts';
import { groupTraces } from '../group-traces.ts';
import type { JsonAnswer } from './fetch-json.ts';
import { describeAnswer, type HttpClient } from './http-client.ts';
import { ForeignAnswer, type Found, type QueryApi, type Search } from './query-api.ts';
import { queryString } from './query-string.ts';

function queryOf({ service, operation, fromMs, toMs, minDurationMs, limit }: Search): string {
  return queryString({
    serviceName: service?.toLowerCase(),
    spanName: operation?.toLowerCase(),
    endTs: Math.ceil(toMs),
    lookback: Math.max(1, Math.ceil(toMs - fromMs)),
    minDuration: minDurationMs === undefined ? undefined : Math.max(1, Math.floor(minDurationMs * 1000)),
    limit,
  });
}

/** Queries one Zipkin. Its names are all lower case. */
export class ZipkinApi implements QueryApi {
  readonly engine = 'Zipkin';
  readonly needsService = false;
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
    const answer = await this.#client.get('api/v2/services');
    if (!Array.isArray(answer.json)) throw this.#wrong(answer);
    return answer.json.map(String);
  }

  async operations(_service: string, operation: string): Promise<string[]> {
    return [operation.toLowerCase()];
  }

  async search(search: Search): Promise<Found> {
    const answer = await this.#client.get(`api/v2/traces?${queryOf(search)}`);
    if (!Array.isArray(answer.json)) throw this.#wrong(answer);
    return {
      traces: groupTraces(this.#decode(answer).spans),
      hasMore: answer.json.length >= search.limit,
    };
  }

  async trace(traceId: string): Promise<readonly Span[]> {
    const answer = await this.#client.get(`api/v2/trace/${traceId}`);
    if (answer.status === 404) return [];
    if (!Array.isArray(answer.json)) throw this.#wrong(answer);
    return this.#decode(answer).spans;
  }

  async isHere(): Promise<boolean> {
    return Array.isArray((await this.#client.get('api/v2/services')).json);
  }

  #decode(answer: JsonAnswer): DecodedJson {
    const decoded = this.#client.decode(answer);
    const { invalid } = decoded;
    if (invalid > 0) {
      const what = invalid === 1 ? '1 span without a time was' : `${invalid} spans without a time were`;
      this.onWarning(`${this.name}: ${what} left out.`);
    }
    return decoded;
  }

  #wrong(answer: JsonAnswer): Error {
    if (answer.status >= 400 && answer.status !== 404) return this.#client.refused(answer);
    return new ForeignAnswer(this.name, this.engine, describeAnswer(answer));
  }
}
