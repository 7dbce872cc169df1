// What a request sets off late runs in its context: its end, a client that leaves, a timeout, neighbours on its connection.

import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Context, context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { startTracing, type TracingHandle } from '../../src/index.ts';
import { listen } from '../conformance/harness/listen.ts';

let handle: TracingHandle | undefined;
let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  await handle?.shutdown();
});

const EVENTS = ['aborted', 'end', 'error', 'finish', 'close', 'timeout'];
const CALLER = createContextKey('the context that the application was called in');

/** What an event was emitted in, and what its request had been given to the application in. */
interface Heard {
  readonly path: string | undefined;
  readonly event: string;
  readonly traceId: string | undefined;
  readonly own: string | undefined;
}

interface Server {
  readonly port: number;
  readonly heard: Heard[];
  /** Resolves when so many responses have closed. */
  closed(count: number): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const traceIdIn = (active: Context): string | undefined => trace.getSpanContext(active)?.traceId;

async function serve(answer: Answer): Promise<Server> {
  handle = startTracing({ exporter: new InMemorySpanExporter(), log: () => undefined });
  const heard: Heard[] = [];
  const closes = new http.Server();
  let count = 0;
  const server = http.createServer((request, response) => {
    const own = traceIdIn(context.active());
    const hear = (kind: string, event: string) => () => {
      heard.push({ path: request.url, event: `${kind} ${event}`, traceId: traceIdIn(context.active()), own });
    };
    for (const event of EVENTS) {
      request.on(event, hear('request', event));
      response.on(event, hear('response', event));
    }
    response.on('close', () => setImmediate(() => closes.emit(String(++count))));
    answer(request, response);
  });
  const listening = await listen(server);
  close = listening.close;
  return {
    port: listening.port,
    heard,
    closed: async (wanted) => {
      if (count < wanted) await once(closes, String(wanted));
    },
  };
}

function expectAllAtHome(heard: readonly Heard[], events: readonly string[]): void {
  expect(heard.filter(({ traceId, own }) => own === undefined || traceId !== own)).toEqual([]);
  expect([...new Set(heard.map(({ event }) => event))].sort()).toEqual([...events].sort());
}

/** As a callback does that has lost its context. */
const outside = (work: () => void): void => context.with(ROOT_CONTEXT.setValue(CALLER, 'none'), work);

describe('what a request without a body sets off late', () => {
  it('runs in its context when the response is ended outside of it', async () => {
    const server = await serve((_request, response) => outside(() => response.end('ok')));
    await (await fetch(`http://127.0.0.1:${server.port}`)).text();
    await server.closed(1);
    const events = ['request close', 'request end', 'response close', 'response finish'];
    expectAllAtHome(server.heard, events);
  });

  it('runs in its context when the client leaves before it has an answer', async () => {
    const server = await serve(() => client.destroy());
    const client = net.connect(server.port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await server.closed(1);
    expectAllAtHome(server.heard, ['request aborted', 'request error', 'request close', 'response close']);
  });

  it('runs in its context when a later request on the same connection is cut off', async () => {
    const server = await serve(({ url }, response) => {
      if (url === '/first') response.end('ok');
      else client.destroy();
    });
    const client = net.connect(server.port, '127.0.0.1');
    client.write('GET /first HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(client, 'data');
    await server.closed(1);
    client.write('GET /second HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await server.closed(2);
    expect(new Set(server.heard.map(({ own }) => own)).size).toBe(2);
    expect(server.heard.filter(({ traceId, own }) => traceId !== own)).toEqual([]);
    const last = server.heard.filter(({ path }) => path === '/second').map(({ event }) => event);
    expect(last).toContain('request aborted');
  });

  it('runs in its context when its connection is quiet for too long', async () => {
    const server = await serve((_request, response) => {
      response.on('timeout', () => response.end('late'));
      outside(() => response.setTimeout(1));
    });
    await (await fetch(`http://127.0.0.1:${server.port}`)).text();
    await server.closed(1);
    expect(server.heard.map(({ event }) => event)).toContain('response timeout');
    expect(server.heard.filter(({ traceId, own }) => traceId !== own)).toEqual([]);
  });

  it('runs in the context of its caller for a request that is ignored', async () => {
    const server = await serve((_request, response) => outside(() => response.end('ok')));
    const traceparent = `00-${'7'.repeat(32)}-${'5'.repeat(16)}-01`;
    const client = net.connect(server.port, '127.0.0.1').resume();
    client.write(`GET /healthz HTTP/1.1\r\nhost: localhost\r\ntraceparent: ${traceparent}\r\n\r\n`);
    await server.closed(1);
    const events = ['request close', 'request end', 'response close', 'response finish'];
    expectAllAtHome(server.heard, events);
    expect(server.heard[0]?.own).toBe('7'.repeat(32));
    client.destroy();
  });
});

describe('what pipelined requests set off late', () => {
  const PATHS = ['/a', '/b', '/c'];
  const pipelined = PATHS.map((path) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`).join('');

  it('runs in the context of each, answered the other way round and outside of them', async () => {
    const waiting: ServerResponse[] = [];
    const server = await serve((_request, response) => {
      waiting.push(response);
      if (waiting.length === PATHS.length)
        for (const each of waiting.reverse()) outside(() => each.end('ok'));
    });
    const client = net.connect(server.port, '127.0.0.1').resume();
    client.write(pipelined);
    await server.closed(PATHS.length);
    client.destroy();
    expect(new Set(server.heard.map(({ own }) => own)).size).toBe(PATHS.length);
    expectAllAtHome(server.heard, ['request close', 'request end', 'response close', 'response finish']);
  });

  it('runs in the context of each when the client leaves', async () => {
    let count = 0;
    const server = await serve(() => {
      if (++count === PATHS.length) client.destroy();
    });
    const client = net.connect(server.port, '127.0.0.1');
    client.write(pipelined);
    await server.closed(1);
    const cut = server.heard.filter(({ event }) => event === 'request close').map(({ path }) => path);
    expect(cut.sort()).toEqual(PATHS);
    expectAllAtHome(server.heard, ['request aborted', 'request error', 'request close', 'response close']);
  });
});
