// A call that follows a redirect is known as one, by whatever client, and no other call is.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import axios from 'axios';
import { withSpan } from '../../src/index.ts';
import { type TracingHere, traceHere } from './support/trace-here.ts';

let server: Server;
let base: string;
let here: TracingHere | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, hops] = /^\/hops\/(\d+)/.exec(request.url ?? '') ?? [];
    if (hops === undefined || hops === '0') response.end('here');
    else response.writeHead(307, { location: `/hops/${Number(hops) - 1}?left=1#there` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await here?.stop();
  here = undefined;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Path and resend count of each call, in the order in which they began. */
async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
  here = traceHere();
  await work();
  const calls = (await here.spans()).filter(({ kind }) => kind === SpanKind.CLIENT);
  const byStart = calls.toSorted(
    (a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1],
  );
  return byStart.map(({ attributes }) => {
    const { pathname } = new URL(String(attributes['url.full']));
    return `${pathname} ${attributes['http.request.resend_count'] ?? 'first'}`;
  });
}

const clients: [string, (url: string, follow?: boolean) => Promise<unknown>][] = [
  [
    'fetch',
    async (url, follow = true) => (await fetch(url, { redirect: follow ? 'follow' : 'manual' })).text(),
  ],
  [
    'axios',
    (url, follow = true) => axios.get(url, { maxRedirects: follow ? 5 : 0, validateStatus: () => true }),
  ],
];

describe.each(clients)('%s', (_name, get) => {
  it('counts each hop', async () => {
    const calls = await callsOf(() => withSpan('work', () => get(`${base}/hops/3`)));
    expect(calls).toEqual(['/hops/3 first', '/hops/2 1', '/hops/1 2', '/hops/0 3']);
  });

  it('does not take another call for a hop, nor the same one a second time', async () => {
    const calls = await callsOf(() =>
      withSpan('work', async () => {
        await get(`${base}/hops/1`);
        await get(`${base}/hops/0?left=1`);
        await get(`${base}/hops/1`, false);
        await get(`${base}/elsewhere`);
      }),
    );
    expect(calls).toEqual([
      '/hops/1 first',
      '/hops/0 1',
      '/hops/0 first',
      '/hops/1 first',
      '/elsewhere first',
    ]);
  });

  it('is not taken for a hop of another request', async () => {
    const calls = await callsOf(async () => {
      await withSpan('one', () => get(`${base}/hops/1`, false));
      await withSpan('another', () => get(`${base}/hops/0?left=1`));
    });
    expect(calls).toEqual(['/hops/1 first', '/hops/0 first']);
  });
});
