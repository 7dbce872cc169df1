// Which engine answers at a URL: told by its answers, or said by the URL.

import { SourceError } from '../source-error.ts';
import type { SourceUrl } from '../source-url.ts';
import type { HttpClient } from './http-client.ts';
import { JaegerApi } from './jaeger-api.ts';
import { ForeignAnswer, type QueryApi } from './query-api.ts';
import { TempoApi } from './tempo-api.ts';
import { ZipkinApi } from './zipkin-api.ts';

/** What other servers around traces usually listen on, and where the traces are then. */
const OTHER_PORTS: Readonly<Record<string, string>> = {
  '4317': 'it takes traces in (OTLP/gRPC); they are asked for at the UI, as at port 16686',
  '4318': 'it takes traces in (OTLP/HTTP); they are asked for at the UI, as at port 16686',
  '14250': 'it takes traces in; they are asked for at port 16686',
  '14268': 'it takes traces in; they are asked for at port 16686',
  '16685': 'it speaks gRPC; the UI and its API are at port 16686',
  '3000': 'that is Grafana’s; name the backend behind it, such as Tempo at port 3200',
};

/** What the port of a URL says about a wrong address; the empty string where it says nothing. */
export function portHint({ base }: SourceUrl): string {
  const hint = OTHER_PORTS[base.port];
  return hint === undefined ? '' : ` Port ${base.port} is usual for something else: ${hint}.`;
}

/** The engine behind a URL. Jaeger is taken for granted until an answer is not Jaeger's, then the others are asked. */
export class DetectedApi {
  readonly #candidates: readonly QueryApi[];
  readonly #url: SourceUrl;
  #api: QueryApi | undefined;

  constructor(url: SourceUrl, client: HttpClient) {
    const all = [new JaegerApi(client), new ZipkinApi(client), new TempoApi(client)];
    this.#url = url;
    this.#candidates = all.filter(({ engine }) => url.engine === undefined || engine === url.engine);
  }

  /** Asks the engine that is there; on the way finds out which one that is. */
  async ask<T>(question: (api: QueryApi) => Promise<T>): Promise<T> {
    const [first, ...others] = this.#candidates;
    if (this.#api !== undefined || first === undefined) return question(this.#api as QueryApi);
    try {
      const answer = await question(first);
      this.#api = first;
      return answer;
    } catch (error) {
      if (!(error instanceof ForeignAnswer)) throw error;
      this.#api = await this.#find(others, error);
    }
    return question(this.#api);
  }

  async #find(candidates: readonly QueryApi[], first: ForeignAnswer): Promise<QueryApi> {
    for (const api of candidates) if (await api.isHere()) return api;
    const tried = candidates.length === 0 ? '' : ', nor as Zipkin or Tempo do';
    const question = `; is it the right address?${portHint(this.#url)}`;
    const text = `${first.message.replace(/\.$/, '')}${tried}${question}`;
    throw new SourceError('ERR_LONGPOLE_SOURCE_ANSWER', text, first);
  }
}
