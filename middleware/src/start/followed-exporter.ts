// Makes an official exporter tell at once what became of its request.

import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { guarded, reportFault } from '../shared/guard.ts';
import { AnswerError, type AnsweredResult, isRetryableStatus } from './export-outcome.ts';
import type { BatchExporter } from './outbox.ts';
import { retryAfterMs } from './retry-after.ts';

interface Attempt {
  readonly settle: (result: ExportResult) => void;
}

interface ClientMessage {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

const attempts = new AsyncLocalStorage<Attempt>();

/**
 * An exporter that makes one request for each batch does not tell `Retry-After`, and its sockets keep the process alive. This
 * listens to its requests on node:http's diagnostics channels. Whoever waits for a flush has a timer of its own.
 */
export class FollowedExporter implements BatchExporter<ReadableSpan[]> {
  readonly #inner: SpanExporter;
  readonly #byRequest = new WeakMap<ClientRequest, Attempt>();
  readonly #sockets = new Set<Socket>();
  /** While there are none, the application's own requests need not be looked at. */
  #underWay = 0;
  readonly #listeners = [
    ['http.client.request.created', this.#listener((m) => this.#onCreated(m.request))],
    ['http.client.response.finish', this.#listener((m) => this.#onResponse(m.request, m.response))],
  ] as const;

  constructor(inner: SpanExporter) {
    this.#inner = inner;
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  export(spans: ReadableSpan[], done: (result: AnsweredResult) => void): void {
    let isSettled = false;
    const settle = (result: ExportResult): void => {
      if (isSettled) return;
      isSettled = true;
      this.#underWay -= 1;
      done(result);
    };
    this.#underWay += 1;
    attempts.run({ settle }, () => this.#inner.export(spans, settle));
  }

  /** Breaks off what is still being sent. */
  async shutdown(): Promise<void> {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
    for (const socket of this.#sockets) socket.destroy();
    this.#inner.shutdown().catch((error: unknown) => reportFault('closing the exporter', error));
  }

  #listener(handle: (message: ClientMessage) => void): (message: unknown) => void {
    return guarded('following an export', (message: unknown) => {
      if (this.#underWay > 0) handle(message as ClientMessage);
    });
  }

  #onCreated(request: ClientRequest): void {
    const attempt = attempts.getStore();
    if (attempt === undefined) return;
    this.#byRequest.set(request, attempt);
    request.once('socket', (socket) => {
      socket.unref();
      if (this.#sockets.has(socket)) return;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  #onResponse(request: ClientRequest, response: IncomingMessage): void {
    const status = response.statusCode ?? 0;
    if (!isRetryableStatus(status)) return;
    const error = new AnswerError(status, retryAfterMs(response.headers['retry-after']));
    this.#byRequest.get(request)?.settle({ code: ExportResultCode.FAILED, error });
  }
}
