// A process with the fake servers of all tracers, one port for each application, and the service that a hop calls.

import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createGunzip, createInflate } from 'node:zlib';
import { answerQuestions } from '../questions.ts';
import type { Protocol } from '../variants.ts';
import { PROTOCOLS } from './protocols.ts';
import { startTarget } from './target.ts';

const counts = new Map<number, number>();
const failures = new Map<number, string>();
/** Ports whose backend is busy: what they are sent is refused, to be sent again. */
const busy = new Set<number>();

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') return buffer(request.pipe(createGunzip()));
  if (encoding === 'deflate') return buffer(request.pipe(createInflate()));
  return buffer(request);
}

async function take(
  protocol: Protocol,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (busy.has(port)) return refuse(request, response);
    const path = request.url ?? '/';
    const { 'content-type': type = '' } = request.headers;
    const host = `localhost:${request.socket.localPort}`;
    const { spans, body } = PROTOCOLS[protocol]({ path, type, host, body: await bodyOf(request) });
    counts.set(port, (counts.get(port) ?? 0) + spans);
    response.setHeader('content-type', 'application/json');
    response.end(body === undefined ? undefined : JSON.stringify(body));
  } catch (error) {
    failures.set(port, String(error));
    response.writeHead(500).end();
  }
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume().once('end', () => response.writeHead(503).end());
}

async function listen(server: Server): Promise<number> {
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function secure(listener: RequestListener, folder: string): Server {
  const [key, cert] = ['key.pem', 'cert.pem'].map((file) => readFileSync(`${folder}/${file}`));
  return createTlsServer({ key: key!, cert: cert! }, listener);
}

answerQuestions({
  async open({ protocol, certificates }: { protocol: Protocol; certificates?: string }) {
    let port = 0;
    const listener: RequestListener = (request, response) => void take(protocol, port, request, response);
    port = await listen(
      protocol === 'newrelic' ? secure(listener, certificates ?? '') : createServer(listener),
    );
    return { port };
  },
  async target() {
    return { port: await startTarget() };
  },
  setBusy({ port, isBusy }: { port: number; isBusy: boolean }) {
    if (isBusy) busy.add(port);
    else busy.delete(port);
    return {};
  },
  count({ port }: { port: number }) {
    return { spans: counts.get(port) ?? 0, failure: failures.get(port) };
  },
});
