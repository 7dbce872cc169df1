// Details of CLIENT spans that need the clock, sockets and clients of the test's own.

import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { hrTimeToMilliseconds, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { withSpan } from '../../src/index.ts';
import { listen } from '../conformance/harness/listen.ts';
import { type TracingHere, traceHere } from './support/trace-here.ts';

let here: TracingHere;
let upstream: Awaited<ReturnType<typeof listen>>;
let seen: http.IncomingMessage[] = [];
let answer: http.RequestListener;

beforeAll(async () => {
  here = traceHere();
  upstream = await listen(
    http.createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    }),
  );
});

beforeEach(() => {
  seen = [];
  answer = (_request, response) => response.end('ok');
});

afterAll(async () => {
  await upstream.close();
  await here.stop();
});

const url = (): string => `http://127.0.0.1:${upstream.port}/x`;
const clientsOf = (spans: readonly ReadableSpan[]): ReadableSpan[] =>
  spans.filter((span) => span.kind === SpanKind.CLIENT);
const endMs = (span: ReadableSpan | undefined): number => hrTimeToMilliseconds(span?.endTime ?? [0, 0]);

describe('CLIENT spans', () => {
  it('end with the head when nobody reads the body, however late the connection is cleaned up', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const request = http.get(url(), { agent });
    await once(request, 'response');
    const headAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    request.destroy();
    await once(request, 'close');
    const [span] = clientsOf(await here.spans());
    expect(endMs(span)).toBeLessThan(headAt + 25);
    expect(span?.attributes['longpole.cancelled']).toBeUndefined();
  });

  it('end with the body when it is read', async () => {
    answer = (_request, response) => {
      response.write('first');
      setTimeout(() => response.end('last'), 30);
    };
    await (await fetch(url())).text();
    const readAt = Date.now();
    const [span] = clientsOf(await here.spans());
    expect(endMs(span)).toBeGreaterThan(readAt - 25);
    expect(hrTimeToMilliseconds(span?.duration ?? [0, 0])).toBeGreaterThanOrEqual(29);
  });

  it('have no status of a response that only announced itself before the connection broke', async () => {
    answer = (request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => request.socket.destroySoon());
    };
    await expect(fetch(url())).rejects.toThrow('fetch failed');
    const [span] = clientsOf(await here.spans());
    expect(span?.attributes['error.type']).toBe('UND_ERR_SOCKET');
    expect(span?.attributes['http.response.status_code']).toBeUndefined();
  });

  it('learn the port from the socket when the Host header names another host', async () => {
    const request = http.get(url(), { headers: { host: 'shop.internal' } });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response.resume(), 'end');
    const [span] = clientsOf(await here.spans());
    expect(span?.attributes).toMatchObject({
      'server.address': '127.0.0.1',
      'server.port': upstream.port,
      'url.full': url(),
    });
  });

  it('name a local socket by its path', async () => {
    const socketPath = join(tmpdir(), `longpole-${process.pid}.sock`);
    const server = http.createServer((_request, response) => void response.end('ok')).listen(socketPath);
    await once(server, 'listening');
    const [response] = (await once(http.get({ socketPath, path: '/x' }), 'response')) as [
      http.IncomingMessage,
    ];
    await once(response.resume(), 'end');
    server.close();
    server.closeAllConnections();
    const [span] = clientsOf(await here.spans());
    expect(span?.attributes).toMatchObject({
      'server.address': socketPath,
      'url.full': 'http://localhost/x',
    });
    expect(span?.attributes['server.port']).toBeUndefined();
  });

  it('are not made where tracing is suppressed, and nothing is sent along', async () => {
    await context.with(suppressTracing(context.active()), async () => {
      await (await fetch(url())).text();
      const [response] = (await once(http.get(url()), 'response')) as [http.IncomingMessage];
      await once(response.resume(), 'end');
    });
    expect(clientsOf(await here.spans())).toEqual([]);
    expect(seen.map(({ headers }) => headers.traceparent)).toEqual([undefined, undefined]);
  });

  it('are not recorded in a trace that the caller does not sample, and the calls say so', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const carrier = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };
    await context.with(propagation.extract(ROOT_CONTEXT, carrier), async () => {
      await (await fetch(url())).text();
      const [response] = (await once(http.get(url()), 'response')) as [http.IncomingMessage];
      await once(response.resume(), 'end');
    });
    expect(clientsOf(await here.spans())).toEqual([]);
    const sent = seen.map(({ headers }) => String(headers.traceparent).split('-'));
    expect(sent.map(([, trace]) => trace)).toEqual([traceId, traceId]);
    expect(sent.map(([, , , flags]) => Number(flags) & 1)).toEqual([0, 0]);
  });

  it('are not made of the handshake of a WebSocket of undici, which still carries the context', async () => {
    const server = http.createServer();
    const { port, close } = await listen(server);
    const upgraded = once(server, 'upgrade');
    const traceId = withSpan('work', (span) => {
      new WebSocket(`ws://127.0.0.1:${port}`).addEventListener('error', () => undefined);
      return span.spanContext().traceId;
    });
    const [request, socket] = (await upgraded) as [http.IncomingMessage, Socket];
    socket.destroy();
    await close();
    expect(request.headers.traceparent).toContain(traceId);
    expect((await here.spans()).map((span) => span.name)).toEqual(['work']);
  });

  it('carry baggage and tracestate along, each header once', async () => {
    const baggage = propagation.createBaggage({ tenant: { value: 'acme' } });
    const inBaggage = propagation.setBaggage(context.active(), baggage);
    await context.with(inBaggage, () =>
      withSpan('work', async () => {
        const headers = { baggage: 'stale=1', traceparent: '00-stale' };
        await (await fetch(url(), { headers })).text();
        const [response] = (await once(http.get(url(), { headers }), 'response')) as [http.IncomingMessage];
        await once(response.resume(), 'end');
      }),
    );
    const spans = await here.spans();
    const ids = clientsOf(spans).map((span) => span.spanContext().spanId);
    expect(seen.map(({ headers }) => headers.baggage)).toEqual(['tenant=acme', 'tenant=acme']);
    const sent = seen.map(({ headers }) => String(headers.traceparent).split('-')[2]);
    expect(sent.sort()).toEqual(ids.sort());
  });
});
