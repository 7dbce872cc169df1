// An OpenTelemetry instrumentation of node:http, node:https, undici and fetch that listens to their diagnostics channels.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import { type MeterProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import type { Instrumentation, InstrumentationConfig } from '@opentelemetry/instrumentation';
import { isArrayOf, isBoolean } from '../options/checks.ts';
import { parseOptions } from '../options/parse-options.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import { PACKAGE, VERSION } from '../shared/version.ts';
import { type IgnoreRule, isIgnoredHere, isIgnoreRule } from './ignore.ts';
import { onRequestCreated, onRequestError, onResponseHead } from './node-client.ts';
import { emitInOwnContext, reenterContext } from './request-context.ts';
import { endServerSpan } from './server-end.ts';
import { recordOf } from './server-record.ts';
import { isQueued, type ServerSocket, watchSocket } from './server-socket.ts';
import { passRequestOn, startServerSpan } from './server-span.ts';
import {
  onUndiciCreate,
  onUndiciError,
  onUndiciHeaders,
  onUndiciSendHeaders,
  onUndiciTrailers,
} from './undici-client.ts';
import type { UndiciRequest } from './undici-headers.ts';

export interface HttpChannelConfig extends InstrumentationConfig {
  /** Incoming requests without a span, instead of the defaults: health checks and static files (`DEFAULT_IGNORE`). */
  readonly ignore?: readonly IgnoreRule[];
  /** SERVER spans for incoming requests. Defaults to `true`. */
  readonly incoming?: boolean;
  /** CLIENT spans and context headers for outgoing requests. Defaults to `true`. */
  readonly outgoing?: boolean;
}

type Listener = (message: unknown, name: string | symbol) => void;

const OWNER = 'http';

/**
 * SERVER spans for every request that a `node:http(s)` server reads, CLIENT spans and W3C headers for every request
 * that `node:http(s)`, undici or `fetch` sends. Nothing is patched, so it works in any import order, in ES modules,
 * in CommonJS and in Jest. When several are enabled in one process, the first makes the spans.
 *
 * Incoming requests become active through `context.attach` (API 1.10); with an older context manager,
 * `tracing()` runs the application inside the span instead.
 */
export class HttpChannelInstrumentation implements Instrumentation<HttpChannelConfig> {
  readonly instrumentationName: string = PACKAGE;
  readonly instrumentationVersion: string = VERSION;
  #config: HttpChannelConfig = {};
  #tracer: Tracer = trace.getTracer(PACKAGE, VERSION);
  #listeners: readonly (readonly [string, Listener])[] = [];

  /** @throws LongpoleError on an unknown or wrong option */
  constructor(config: HttpChannelConfig = {}) {
    parseOptions('HttpChannelInstrumentation', config, {
      enabled: isBoolean,
      incoming: isBoolean,
      outgoing: isBoolean,
      ignore: isArrayOf(isIgnoreRule),
    });
    this.setConfig(config);
    if (this.#config.enabled) this.enable();
  }

  enable(): void {
    const { owners } = sharedState();
    if (owners.has(OWNER)) return;
    owners.set(OWNER, this);
    const { incoming = true, outgoing = true } = this.#config;
    this.#listeners = [
      ...(incoming ? this.#serverListeners() : []),
      ...(outgoing ? this.#clientListeners() : []),
    ];
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  disable(): void {
    const { owners } = sharedState();
    if (owners.get(OWNER) === this) owners.delete(OWNER);
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
    this.#listeners = [];
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#tracer = provider.getTracer(PACKAGE, VERSION);
  }

  setMeterProvider(_provider: MeterProvider): void {}

  setConfig(config: HttpChannelConfig): void {
    this.#config = { enabled: true, ...config };
  }

  getConfig(): HttpChannelConfig {
    return this.#config;
  }

  #serverListeners(): [string, Listener][] {
    return [
      listened('http.server.request.start', (m: ServerMessage) => this.#onRequest(m)),
      listened('http.server.response.finish', (m: ServerMessage) => reenterContext(m.response)),
    ];
  }

  #onRequest({ request, response, socket, server }: ServerMessage): void {
    if (isPatched(server)) return;
    if (isIgnoredHere(request, this.#config.ignore)) passRequestOn(request, response);
    else startServerSpan(this.#tracer, request, response);
    watchSocket(socket);
    request.on('end', onRequestEnd);
    response.on('close', onResponseClose);
    if (isQueued(socket, response)) onQueued(request, response);
  }

  #clientListeners(): [string, Listener][] {
    return [
      listened('http.client.request.created', (m: ClientMessage) =>
        onRequestCreated(this.#tracer, m.request),
      ),
      listened('http.client.response.finish', (m: ClientMessage) => onResponseHead(m.request, m.response)),
      listened('http.client.request.error', (m: ClientMessage) => onRequestError(m.request, m.error)),
      listened('undici:request:create', (m: UndiciMessage) => onUndiciCreate(this.#tracer, m.request)),
      listened('undici:client:sendHeaders', (m: UndiciMessage) => onUndiciSendHeaders(m.request, m.socket)),
      listened('undici:request:headers', (m: UndiciMessage) => onUndiciHeaders(m.request, m.response)),
      listened('undici:request:trailers', (m: UndiciMessage) => onUndiciTrailers(m.request)),
      listened('undici:request:error', (m: UndiciMessage) => onUndiciError(m.request, m.error)),
    ];
  }
}

interface ServerMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: ServerSocket;
  readonly server: Server;
}

interface ClientMessage {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  readonly error: unknown;
}

interface UndiciMessage {
  readonly request: UndiciRequest;
  readonly response: { readonly statusCode: number; readonly headers?: readonly Uint8Array[] };
  readonly socket: { readonly remoteAddress?: string; readonly remotePort?: number };
  readonly error: unknown;
}

function listened<M>(channel: string, listener: (message: M) => void): [string, Listener] {
  const onMessage = (message: unknown): void => {
    try {
      listener(message as M);
    } catch (fault) {
      reportFault(`listening to ${channel}`, fault);
    }
  };
  return [channel, onMessage];
}

/** Whether somebody's monkey patch already makes spans of incoming requests (shimmer marks what it wraps). */
function isPatched(server: Server): boolean {
  return (server.emit as { __wrapped?: boolean }).__wrapped === true;
}

function onRequestEnd(this: IncomingMessage): void {
  reenterContext(this);
}

/** The first that hears of it. Its other listeners run in what this one enters. */
function onResponseClose(this: ServerResponse): void {
  reenterContext(this);
  endOf(this.req, this);
}

/** A pipelined response that never got the socket is not told when the socket closes; its request is. */
function onQueued(request: IncomingMessage, response: ServerResponse): void {
  emitInOwnContext(request, response);
  request.on('close', () => {
    if (request.socket.destroyed) endOf(request, response);
  });
}

function endOf(request: IncomingMessage, response: ServerResponse): void {
  try {
    const record = recordOf(response);
    if (record !== undefined) endServerSpan(record, request, response);
  } catch (error) {
    reportFault('ending a SERVER span', error);
  }
}
