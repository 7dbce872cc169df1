// The receiver over HTTP against clients that send too much, too slowly, or what is no HTTP at all.

import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connected, listening, post, received, text } from './over-http.ts';
import { jsonBody, protobufBody, type SpanSeed, spanIdOf, traceIdOf } from './readable-span.ts';
import { receive, receiver } from './receiver-here.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const SPAN: SpanSeed = { traceId: traceIdOf(1), spanId: spanIdOf(1), name: 'GET /products/:id' };

describe('the size limit', () => {
  const limit = 10_000;
  const whole = jsonBody({ ...SPAN, attributes: { text: 'x'.repeat(9_000) } });
  const padded = (bytes: number): Buffer => Buffer.concat([whole, Buffer.alloc(bytes - whole.length, ' ')]);

  it.each([
    ['identity', (body: Buffer) => body],
    ['gzip', (body: Buffer) => gzipSync(body)],
    ['zstd', (body: Buffer) => zstdCompressSync(body)],
  ])('lets a body of exactly the limit pass and refuses one byte more (%s)', async (encoding, compress) => {
    const app = receive({ maxBodyBytes: limit });
    const headers = { 'Content-Type': JSON_TYPE, 'Content-Encoding': encoding };
    expect((await post(app, compress(padded(limit)), headers)).status).toBe(200);
    const refused = await post(app, compress(padded(limit + 1)), headers);
    expect(refused.status).toBe(413);
    expect(JSON.parse(text(refused))).toMatchObject({ code: 8 });
    expect(text(refused)).toContain(`more than ${limit} bytes`);
    expect(receiver.stats().refused).toEqual({ tooLarge: 1 });
  });

  it('refuses a body in chunks that grows past the limit', async () => {
    const server = await listening(receive({ maxBodyBytes: limit }));
    const socket = await connected(server);
    socket.write(`POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\n`);
    socket.write('Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n');
    for (let i = 0; i < 3; i++) socket.write(`1000\r\n${' '.repeat(0x1000)}\r\n`);
    socket.end('0\r\n\r\n');
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 413 /);
    server.close();
  });

  it('refuses 1 GiB of zeros in gzip without unpacking it', async () => {
    const member = gzipSync(Buffer.alloc(16 * 1024 * 1024), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 64 }, () => member));
    const app = receive();
    const before = process.memoryUsage();
    const started = performance.now();
    const headers = { 'Content-Type': PROTOBUF, 'Content-Encoding': 'gzip' };
    const response = await post(app, bomb, headers);
    const tookMs = performance.now() - started;
    const after = process.memoryUsage();
    expect(response.status).toBe(413);
    expect(tookMs).toBeLessThan(3_000);
    const grownMiB = (after.rss - before.rss) / 1024 / 1024;
    expect(grownMiB).toBeLessThan(256);
  });
});

describe('on a real socket', () => {
  let server: Server;

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it.each([
    'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'POST //[/v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    'GET /v1/traces%00 HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n',
    'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ;;;\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx',
    'POST /v1/traces HTTP/1.1\r\nContent-Length: banana\r\n\r\n',
    '\u0000\u0001\u0002 nonsense\r\n\r\n',
  ])('answers %j with an error and lives on', async (raw) => {
    server = await listening(receive());
    const socket = await connected(server);
    const answer = received(socket);
    socket.write(raw);
    expect(await answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    const next = await post(receiver.app, protobufBody(SPAN), { 'Content-Type': PROTOBUF });
    expect(next.status).toBe(200);
  });

  it('answers 503 with Retry-After while it reads as many requests as it may, and recovers', async () => {
    const app = receive({ maxInFlight: 1 });
    server = await listening(app);
    const slow = await connected(server);
    const arrived = once(server, 'request');
    slow.write(`POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\n`);
    slow.write('Content-Length: 100\r\n\r\nhalf');
    const [, held] = (await arrived) as [IncomingMessage, ServerResponse];
    const { port } = server.address() as AddressInfo;
    const send = () =>
      fetch(`http://127.0.0.1:${port}/v1/traces`, {
        method: 'POST',
        headers: { 'Content-Type': PROTOBUF },
        body: new Uint8Array(protobufBody(SPAN)),
      });
    const refused = await send();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(receiver.stats().refused).toEqual({ overloaded: 1 });
    const released = once(held, 'close');
    slow.destroy();
    await released;
    expect((await send()).status).toBe(200);
    expect(receiver.stats().refused).toMatchObject({ aborted: 1 });
  });
});
