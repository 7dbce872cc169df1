// Trace context through a real Express application: raw headers in, the headers of its outgoing call out.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TracingHandle } from '../../src/index.ts';
import { CLIENTS, createEchoApp, startEchoTracing } from './echo-app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const CALLER = `00-${TRACE}-${SPAN}`;

let handle: TracingHandle;
let app: Server;
let peer: Server;
let received: IncomingMessage['headersDistinct'][] = [];

async function listen(server: Server): Promise<Server> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

beforeAll(async () => {
  handle = startEchoTracing();
  app = await listen(createServer(createEchoApp()));
  peer = await listen(
    createServer((request, response) => {
      received.push(request.headersDistinct);
      request.resume().on('end', () => response.end('{}'));
    }),
  );
});

afterAll(async () => {
  for (const server of [app, peer]) {
    server.closeAllConnections();
    server.close();
  }
  await handle.shutdown();
});

beforeEach(() => {
  received = [];
});

/** Sends the header lines as they are, so that no client can tidy them, and returns what the peer was sent. */
async function call(client: string, ...headerLines: string[]): Promise<IncomingMessage['headersDistinct']> {
  const body = JSON.stringify([{ url: `http://127.0.0.1:${portOf(peer)}/`, arguments: [] }]);
  const head = [
    `POST /${client} HTTP/1.1`,
    'Host: app',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...headerLines,
  ];
  const socket = connect(portOf(app), '127.0.0.1');
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  return received[0] ?? {};
}

describe.each(Object.keys(CLIENTS))('an Express application that calls out with %s', (client) => {
  it('continues the trace once, with its tracestate', async () => {
    const sent = await call(client, `TraceParent: ${CALLER}-01`, 'tracestate: a=1, b=2');
    expect(sent['traceparent']).toEqual([expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`))]);
    expect(sent['tracestate']).toEqual(['a=1,b=2']);
  });

  it('combines tracestate lines in the order they came', async () => {
    const lines = ['tracestate: a=1', 'TRACESTATE:', 'tracestate: b=2 ,\tc=3'];
    const sent = await call(client, `traceparent: ${CALLER}-02`, ...lines);
    expect(sent['tracestate']).toEqual(['a=1,b=2,c=3']);
  });

  it.each([
    ['the same twice', [`traceparent: ${CALLER}-01`, `traceparent: ${CALLER}-01`]],
    ['a later version in front', [`traceparent: cc-${TRACE}-${SPAN}-01-x`, `traceparent: ${CALLER}-01`]],
    ['an empty one in front', ['traceparent:', `traceparent: ${CALLER}-01`]],
  ])('begins a new, random trace for two traceparent lines: %s', async (_what, lines) => {
    const sent = await call(client, ...lines, 'tracestate: a=1');
    expect(sent['traceparent']).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/)]);
    expect(sent['traceparent']?.[0]).not.toContain(TRACE);
    expect(sent['tracestate']).toBeUndefined();
  });

  it('passes the random flag on as it came', async () => {
    expect((await call(client, `traceparent: ${CALLER}-03`))['traceparent']?.[0]).toMatch(/-03$/);
    received = [];
    expect((await call(client, `traceparent: ${CALLER}-01`))['traceparent']?.[0]).toMatch(/-01$/);
  });
});
