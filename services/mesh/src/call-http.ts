// One HTTP call and its whole answer. On node:http, because fetch would add 18 MB to a process that stays.
import { type IncomingHttpHeaders, request } from 'node:http';

export interface HttpCall {
  /** Defaults to GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Rejects when there is no answer, or `signal` aborts before it is complete. */
export function callHttp(url: string, { body, ...options }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, agent: false }, (answer) => {
      const parts: string[] = [];
      answer.setEncoding('utf8').on('data', (part: string) => parts.push(part));
      answer.once('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parts.join('') });
      });
      answer.once('error', reject);
    });
    call.once('error', reject);
    call.end(body);
  });
}
