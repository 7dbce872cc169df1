// The documented checkout: what is printed is what is sent.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { curlOf, DEMO_TOKEN, sendCheckout } from '../src/demo-checkout.ts';

const never = new AbortController().signal;

describe('the demo checkout', () => {
  test('sends what the curl says', async () => {
    const seen: { url?: string; headers?: unknown; body: string } = { body: '' };
    const server = createServer(async (req, res) => {
      Object.assign(seen, { url: req.url, headers: req.headers });
      for await (const part of req) seen.body += String(part);
      res.statusCode = 201;
      res.end('{"orderId":"order-1","traceId":"0af7651916cd43dd8448eb211c80319c"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await sendCheckout(url, never);
    server.close();

    expect(answer).toMatchObject({
      status: 201,
      summary: 'order-1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(seen.headers).toMatchObject({
      authorization: `Bearer ${DEMO_TOKEN}`,
      'content-type': 'application/json',
    });
    expect(curlOf(url)).toBe(
      [
        `curl -sS ${url}${seen.url}`,
        `-H 'authorization: Bearer ${DEMO_TOKEN}'`,
        "-H 'content-type: application/json'",
        `-d '${seen.body}'`,
      ].join(' \\\n  '),
    );
  });

  test('has a token that holds for longer than the demo will', () => {
    const claims = JSON.parse(Buffer.from(DEMO_TOKEN.split('.')[1]!, 'base64url').toString());
    expect(claims).toEqual({
      sub: 'ada',
      iss: 'longpole-demo',
      aud: 'checkout',
      iat: Date.UTC(2026, 0, 1) / 1_000,
      exp: Date.UTC(2100, 0, 1) / 1_000,
    });
  });

  test('tells the detail of a problem', async () => {
    const server = createServer((_req, res) => {
      res.statusCode = 503;
      res.end('{"detail":"payment is asleep","traceId":"t"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await sendCheckout(`http://127.0.0.1:${port}`, never)).toMatchObject({
      status: 503,
      summary: 'payment is asleep',
      traceId: 't',
    });
    server.close();
  });
});
