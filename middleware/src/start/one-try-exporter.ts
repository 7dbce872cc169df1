// Makes an official OTLP/HTTP exporter tell at once what became of its request, and leave retrying to us.

import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { guarded, reportFault } from '../shared/guard.ts';
import { type AnsweredResult, BusyBackendError, isRetryableStatus } from './export-outcome.ts';
import type { Batch, BatchExporter } from './outbox.ts';
import { retryAfterMs } from './retry-after.ts';

/** Reads how many spans the body of an OTLP answer rejects. */
export type ReadRejected = (body: Uint8Array) => number;

/** Called before every request; the exporter sends nothing when it rejects. */
export type BeforeRequest = () => Promise<Record<string, string>>;

/** What is asked of the exporters of OpenTelemetry. */
export interface OfficialExporter<B> {
  export(batch: B, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

interface Attempt {
  requests: number;
  rejected: number;
  readonly settle: (result: ExportResult) => void;
}

interface ClientMessage {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  readonly error: Error;
}

const attempts = new AsyncLocalStorage<Attempt>();

/**
 * The official exporters retry by themselves for up to ten seconds, with timers that keep the process alive, and
 * tell neither `Retry-After` nor how many spans were rejected. This listens to their requests on node:http's
 * diagnostics channels, takes the outcome of the first, and refuses them a second one. Their sockets keep no process
 * alive: whoever waits for a flush has a timer of its own.
 */
export class OneTryExporter<B extends Batch> implements BatchExporter<B> {
  readonly #create: () => OfficialExporter<B>;
  #inner: OfficialExporter<B> | undefined;
  readonly #readRejected: ReadRejected;
  readonly #byRequest = new WeakMap<ClientRequest, Attempt>();
  readonly #sockets = new Set<Socket>();
  /** While there are none, the application's own requests need not be looked at. */
  #underWay = 0;
  readonly #listeners = [
    ['http.client.request.created', this.#listener((m) => this.#onCreated(m.request))],
    ['http.client.response.finish', this.#listener((m) => this.#onResponse(m.request, m.response))],
    [
      'http.client.request.error',
      this.#listener((m) => this.#byRequest.get(m.request)?.settle(failed(m.error))),
    ],
  ] as const;

  /** `create` is called before the first export, and must hand `beforeRequest` to the exporter as its `headers`. */
  constructor(create: (beforeRequest: BeforeRequest) => OfficialExporter<B>, readRejected: ReadRejected) {
    this.#readRejected = readRejected;
    this.#create = () => create(allowOneRequest);
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  /** Makes the exporter, so that the first export need not. */
  prepare(): void {
    this.#inner ??= this.#create();
  }

  export(batch: B, done: (result: AnsweredResult) => void): void {
    let isSettled = false;
    const attempt: Attempt = {
      requests: 0,
      rejected: 0,
      settle: (result) => {
        if (isSettled) return;
        isSettled = true;
        this.#underWay -= 1;
        done({ ...result, rejected: attempt.rejected });
      },
    };
    this.#inner ??= this.#create();
    const inner = this.#inner;
    this.#underWay += 1;
    attempts.run(attempt, () => inner.export(batch, attempt.settle));
  }

  /** Breaks off what is still being sent. */
  async shutdown(): Promise<void> {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
    for (const socket of this.#sockets) socket.destroy();
    // Only waits for its own retry timers, which lead to nothing.
    this.#inner?.shutdown().catch((error: unknown) => reportFault('closing the exporter', error));
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
    request.once('timeout', () => attempt.settle(failed(new Error('the export timed out'))));
    request.once('socket', (socket) => {
      socket.unref();
      if (this.#sockets.has(socket)) return;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  #onResponse(request: ClientRequest, response: IncomingMessage): void {
    const attempt = this.#byRequest.get(request);
    const status = response.statusCode ?? 0;
    if (attempt === undefined) return;
    if (isRetryableStatus(status)) {
      attempt.settle(failed(new BusyBackendError(status, retryAfterMs(response.headers['retry-after']))));
    } else if (status < 300) {
      this.#readAnswer(attempt, response);
    }
  }

  #readAnswer(attempt: Attempt, response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once(
      'end',
      guarded('reading the answer to an export', () => {
        attempt.rejected = this.#readRejected(Buffer.concat(chunks));
      }),
    );
  }
}

const failed = (error: Error): ExportResult => ({ code: ExportResultCode.FAILED, error });

async function allowOneRequest(): Promise<Record<string, string>> {
  const attempt = attempts.getStore();
  if (attempt !== undefined) {
    attempt.requests += 1;
    if (attempt.requests > 1) throw new Error('another try is not the exporter’s business');
  }
  return {};
}
