// An OTLP/HTTP backend that misbehaves on request and remembers every span it took.

import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { otlpJsonOf } from '../../support/otlp-body.ts';

/** What the backend does with one request; spans count as received unless it refuses them. */
export type Behaviour =
  | { readonly kind: 'ok'; readonly afterMs?: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'partial'; readonly rejected: number | string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  /** Takes the spans and breaks the connection instead of confirming. */
  | { readonly kind: 'ackLost' }
  /** Refuses requests with more spans than this as too large. */
  | { readonly kind: 'atMost'; readonly spans: number }
  /** Never ends its answer. */
  | { readonly kind: 'trickle' }
  | { readonly kind: 'garbage' };

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly spans: readonly ReceivedSpan[];
  readonly atMs: number;
}

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
}

const OK: Behaviour = { kind: 'ok' };

export class FaultBackend {
  readonly requests: ReceivedRequest[] = [];
  /** Spans by id, each once. */
  readonly spans = new Map<string, ReceivedSpan>();
  duplicates = 0;
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';
  readonly #sockets = new Set<Socket>();
  readonly #waiting: { wants: () => boolean; resolve: () => void }[] = [];
  #plan: Behaviour[] = [];
  #port = 0;

  private constructor(tls: ServerOptions | undefined) {
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createHttpServer() : createHttpsServer(tls);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
    });
    this.#server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => response.destroy());
      request.on('end', () => {
        this.#take(request.url ?? '', request.headers, Buffer.concat(chunks), response);
      });
    });
  }

  static async start(tls?: ServerOptions): Promise<FaultBackend> {
    const backend = new FaultBackend(tls);
    await backend.listen();
    return backend;
  }

  /** The base URL, the same after `stop()` and `listen()`. */
  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  /** One behaviour a request; the last one stays. */
  behave(...plan: Behaviour[]): void {
    this.#plan = plan;
  }

  /** Resolves when the condition holds, asked after each request. */
  until(wants: () => boolean): Promise<void> {
    if (wants()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ wants, resolve }));
  }

  names(): string[] {
    return [...this.spans.values()].map((span) => span.name);
  }

  #take(path: string, headers: IncomingHttpHeaders, raw: Buffer, response: ServerResponse): void {
    const behaviour = (this.#plan.length > 1 ? this.#plan.shift() : this.#plan[0]) ?? OK;
    const spans = readSpans(headers, raw);
    const takes = !['status', 'reset', 'hang', 'trickle', 'partial'].includes(behaviour.kind);
    const isTooMany = behaviour.kind === 'atMost' && spans.length > behaviour.spans;
    if (behaviour.kind === 'partial') this.#remember(spans.slice(Number(behaviour.rejected)));
    else if (takes && !isTooMany) this.#remember(spans);
    this.requests.push({ path, headers, bytes: raw.length, spans, atMs: performance.now() });
    const isProtobuf = headers['content-type'] === 'application/x-protobuf';
    answer(isTooMany ? { kind: 'status', status: 413 } : behaviour, response, isProtobuf);
    for (const waiting of this.#waiting.filter(({ wants }) => wants())) {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.resolve();
    }
  }

  #remember(spans: readonly ReceivedSpan[]): void {
    for (const span of spans) {
      if (this.spans.has(span.spanId)) this.duplicates += 1;
      this.spans.set(span.spanId, span);
    }
  }
}

function answer(behaviour: Behaviour, response: ServerResponse, isProtobuf: boolean): void {
  switch (behaviour.kind) {
    case 'hang':
      return;
    case 'reset':
    case 'ackLost':
      response.socket?.resetAndDestroy();
      return;
    case 'status':
      response.writeHead(behaviour.status, {
        ...(behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter }),
      });
      response.end('{"message":"no"}');
      return;
    case 'partial':
      response.end(
        isProtobuf ? partialProtobuf(Number(behaviour.rejected)) : partialJson(behaviour.rejected),
      );
      return;
    case 'trickle': {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case 'garbage':
      response.end('<html>');
      return;
    default:
      setTimeout(
        () => response.end(isProtobuf ? '' : '{}'),
        behaviour.kind === 'ok' ? (behaviour.afterMs ?? 0) : 0,
      );
  }
}

function partialJson(rejectedSpans: number | string): string {
  return JSON.stringify({ partialSuccess: { rejectedSpans, errorMessage: 'x' } });
}

/** Up to 127 rejected spans fit into one byte. */
function partialProtobuf(rejectedSpans: number): Buffer {
  const partialSuccess = [0x08, rejectedSpans, 0x12, 1, 'x'.charCodeAt(0)];
  return Buffer.from([0x0a, partialSuccess.length, ...partialSuccess]);
}

interface OtlpJson {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: { readonly spans: { traceId: string; spanId: string; name: string }[] }[];
  }[];
}

type ZipkinJson = { traceId: string; id: string; name: string }[];

function readSpans(headers: IncomingHttpHeaders, raw: Buffer): ReceivedSpan[] {
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  const document = otlpJsonOf(body, headers['content-type']) as OtlpJson | ZipkinJson;
  if (Array.isArray(document))
    return document.map(({ id, ...span }) => ({ ...span, spanId: id, service: '' }));
  const { resourceSpans } = document;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, name }) => ({ traceId, spanId, name, service })),
    );
  });
}
