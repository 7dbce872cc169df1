// Posts batches over HTTP, one request for each, and tells at once what became of it.

import { readFileSync } from 'node:fs';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { gzip } from 'node:zlib';
import { ExportResultCode } from '@opentelemetry/core';
import { reportFault } from '../shared/guard.ts';
import { VERSION } from '../shared/version.ts';
import { AnswerError, type AnsweredResult, isRetryableStatus } from './export-outcome.ts';
import { certificateFiles, isGzip, otlpHeaders } from './otlp-settings.ts';
import type { Batch, BatchExporter } from './outbox.ts';
import { retryAfterMs } from './retry-after.ts';

export interface HttpExporterOptions<B> {
  readonly url: string;
  readonly contentType: string;
  /** When a request that is not answered is given up. */
  readonly timeoutMs: number;
  /** Makes the body of a request. */
  bodyOf(batch: B): Uint8Array;
  /** Reads how many spans an answer rejects. */
  rejectedIn(body: Uint8Array): number;
}

/** What an answer may say; the rest of it is not read. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** OTLP exporter, "User Agent". */
const USER_AGENT = `longpole-express/${VERSION} (JavaScript)`;

type Done = (result: AnsweredResult) => void;

/**
 * Sends with the headers, certificates and compression of the `OTEL_EXPORTER_OTLP_*` variables over one connection that is
 * kept open, and never tries twice. The connection keeps no process alive: whoever waits for a flush has a timer of its own.
 */
export class HttpExporter<B extends Batch> implements BatchExporter<B> {
  readonly #options: HttpExporterOptions<B>;
  readonly #client: typeof http | typeof https;
  readonly #headers: Record<string, string>;
  readonly #isGzip = isGzip();
  #agent: http.Agent | undefined;

  constructor(options: HttpExporterOptions<B>) {
    this.#options = options;
    this.#client = options.url.startsWith('https:') ? https : http;
    this.#headers = { 'user-agent': USER_AGENT, ...otlpHeaders(options.contentType) };
  }

  export(batch: B, done: Done): void {
    const body = this.#options.bodyOf(batch);
    if (!this.#isGzip) this.#tryPosting(body, done);
    else gzip(body, (error, small) => (error === null ? this.#tryPosting(small, done) : done(failed(error))));
  }

  /** Breaks off what is still being sent. */
  async shutdown(): Promise<void> {
    this.#agent?.destroy();
  }

  /** Node.js throws at once where a header holds what no header may. */
  #tryPosting(body: Uint8Array, done: Done): void {
    try {
      this.#post(body, done);
    } catch (fault) {
      done(failed(fault as Error));
    }
  }

  #post(body: Uint8Array, done: Done): void {
    const { url, timeoutMs } = this.#options;
    this.#agent ??= this.#createAgent();
    const headers = { ...this.#headers, 'content-length': body.length };
    const request = this.#client.request(url, { method: 'POST', agent: this.#agent, headers });
    const timer = setTimeout(() => request.destroy(new Error('the export timed out')), timeoutMs).unref();
    // Not before: an answer that has said all with its head may never end.
    request.on('close', () => clearTimeout(timer));
    this.#follow(request, done);
    // Without a stream between: piped into a request, a body has Node's code for the application's requests compiled for two kinds.
    request.end(body);
  }

  #follow(request: ClientRequest, done: Done): void {
    let isSettled = false;
    const settle = (result: AnsweredResult): void => {
      if (isSettled) return;
      isSettled = true;
      done(result);
    };
    request.on('socket', (socket) => socket.unref());
    request.on('error', (error) => settle(failed(error)));
    request.on('response', (response) => this.#onResponse(response, settle));
  }

  #onResponse(response: IncomingMessage, settle: Done): void {
    const { statusCode: status = 0, headers } = response;
    const error = status < 300 ? undefined : new AnswerError(status, retryAfterMs(headers['retry-after']));
    // A backend that is busy need not be listened to until its end.
    if (error !== undefined && isRetryableStatus(status)) settle(failed(error));
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) response.destroy();
      else chunks.push(chunk);
    });
    // The status has been said; an answer that breaks off says the same.
    response.on('error', () => undefined);
    response.on('close', () => settle(error === undefined ? this.#delivered(chunks) : failed(error)));
  }

  #delivered(chunks: readonly Buffer[]): AnsweredResult {
    return { code: ExportResultCode.SUCCESS, rejected: this.#rejectedIn(chunks) };
  }

  #rejectedIn(chunks: readonly Buffer[]): number {
    try {
      return this.#options.rejectedIn(Buffer.concat(chunks));
    } catch (fault) {
      reportFault('reading the answer to an export', fault);
      return 0;
    }
  }

  #createAgent(): http.Agent {
    return this.#client === http
      ? new http.Agent({ keepAlive: true })
      : new https.Agent({ keepAlive: true, ...readCertificates() });
  }
}

/** Files that cannot be read have been complained of at the start; the connection is tried without them. */
function readCertificates(): https.AgentOptions {
  const options: Record<string, Buffer> = {};
  for (const [name, path] of Object.entries(certificateFiles())) {
    try {
      if (path !== undefined) options[name] = readFileSync(path);
    } catch (fault) {
      reportFault(`reading ${path}`, fault);
    }
  }
  return options;
}

const failed = (error: Error): AnsweredResult => ({ code: ExportResultCode.FAILED, error });
