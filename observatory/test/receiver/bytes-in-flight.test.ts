// The bound of what bodies take in memory together, over HTTP.
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connected, listening, post } from './over-http.ts';
import { protobufBody, type SpanSeed, spanIdOf, traceIdOf } from './readable-span.ts';
import { receive, receiver } from './receiver-here.ts';
import { readStatus } from './rpc-status.ts';

const PROTOBUF = 'application/x-protobuf';
const SPAN: SpanSeed = { traceId: traceIdOf(1), spanId: spanIdOf(1) };

describe('the bytes in flight', () => {
  let server: Server;

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** A request whose body does not come to its end. */
  async function half(
    head: string,
    body: string | Buffer,
  ): Promise<{ socket: Socket; held: ServerResponse }> {
    const socket = await connected(server);
    const arrived = once(server, 'request');
    socket.write(`POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\n${head}\r\n\r\n`);
    socket.write(body);
    const [, held] = (await arrived) as [IncomingMessage, ServerResponse];
    return { socket, held };
  }

  const body = protobufBody({ ...SPAN, attributes: { text: 'x'.repeat(5_000) } });

  it('that a request announces are taken from the others, and given back when it is gone', async () => {
    const app = receive({ maxBytesInFlight: 10_000 });
    server = await listening(app);
    const { socket, held } = await half('Content-Length: 6000', 'half');
    const refused = await post(app, body, { 'Content-Type': PROTOBUF });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(readStatus(refused.body as Buffer).message).toBe(
      '1 requests with 6000 bytes are being taken in already: try again in a second.',
    );
    const released = once(held, 'close');
    socket.destroy();
    await released;
    expect((await post(app, body, { 'Content-Type': PROTOBUF })).status).toBe(200);
    expect(receiver.stats()).toMatchObject({ accepted: 1, refused: { overloaded: 1, aborted: 1 } });
  });

  it('count after decompression too', async () => {
    const app = receive({ maxBytesInFlight: 10_000 });
    server = await listening(app);
    const { socket, held } = await half('Content-Length: 6000', 'half');
    const headers = { 'Content-Type': PROTOBUF, 'Content-Encoding': 'gzip' };
    expect(gzipSync(body).length).toBeLessThan(1_000);
    expect((await post(app, gzipSync(body), headers)).status).toBe(503);
    const released = once(held, 'close');
    socket.destroy();
    await released;
    expect((await post(app, gzipSync(body), headers)).status).toBe(200);
  });

  it('that would never find room are too many for good', async () => {
    const app = receive({ maxBytesInFlight: 4_000 });
    server = await listening(app);
    for (const [encoding, sent] of [
      ['identity', body],
      ['gzip', gzipSync(body)],
    ] as const) {
      const headers = { 'Content-Type': PROTOBUF, 'Content-Encoding': encoding };
      const refused = await post(app, sent, headers);
      expect(refused.status).toBe(413);
      expect(readStatus(refused.body as Buffer).message).toContain('more than 4000 bytes');
    }
    expect((await post(app, protobufBody(SPAN), { 'Content-Type': PROTOBUF })).status).toBe(200);
  });
});
