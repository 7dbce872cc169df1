// The service that the traced application calls: it behaves as its paths say and remembers what it was sent.

import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { listen } from './listen.ts';
import { TLS_WITHOUT_CERTIFICATE } from './tls.ts';

export interface Received {
  readonly path: string;
  /** All values of `traceparent`, in the order in which they came. */
  readonly traceparents: readonly string[];
  readonly headers: http.IncomingHttpHeaders;
}

export interface Upstream {
  readonly port: number;
  readonly tlsPort: number;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, rest: string) => void;

export async function startUpstream(): Promise<Upstream> {
  const received: Received[] = [];
  const busy = new Set<string>();
  const watches = new Map<string, ServerResponse>();
  const answers: Record<string, Answer> = {
    ok: (_request, response) => response.end('ok'),
    big: (_request, response) => response.end(Buffer.alloc(1 << 20)),
    status: (_request, response, code) => response.writeHead(Number(code)).end(),
    redirect: (_request, response) => response.writeHead(302, { location: '/ok' }).end(),
    silence: () => undefined,
    reset: (request) => request.socket.resetAndDestroy(),
    hangup: (request) => request.socket.destroy(),
    cut: (request, response) => response.write('half', () => request.socket.destroy()),
    endless: (_request, response) => response.write('begin'),
    close: (_request, response) => response.setHeader('connection', 'close').end('ok'),
    watch: (_request, response, verb) => {
      watches.set(verb, response.setHeader('connection', 'close'));
      response.flushHeaders();
    },
    busy: (request, response) => {
      const trace = headersOf(request, 'traceparent')[0]?.split('-')[1] ?? '';
      const isFirst = !busy.has(trace);
      busy.add(trace);
      response.writeHead(isFirst ? 503 : 200).end();
    },
  };
  const remember = (request: IncomingMessage): string => {
    const { pathname: path } = new URL(request.url ?? '/', 'http://upstream');
    received.push({ path, traceparents: headersOf(request, 'traceparent'), headers: request.headers });
    return path;
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const [, verb = '', rest = ''] = remember(request).split('/');
    watches.get(verb)?.end();
    watches.delete(verb);
    request.resume().on('end', () => (answers[verb] ?? answers.ok)?.(request, response, rest));
  };
  const server = http.createServer({ keepAliveTimeout: 0 }, onRequest);
  server.on('upgrade', (request, socket) => {
    remember(request);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n');
  });
  const plain = await listen(server);
  const tls = await listen(https.createServer(TLS_WITHOUT_CERTIFICATE, onRequest));
  const close = async (): Promise<void> => void (await Promise.all([plain.close(), tls.close()]));
  return { port: plain.port, tlsPort: tls.port, received, close };
}

function headersOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
