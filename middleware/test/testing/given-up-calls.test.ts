// Calls whose caller gives up while they are on their way: the trace waits for what becomes of them at the other end.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { createClient, tracing } from '../../src/index.ts';
import { captureTraces } from '../../src/testing.ts';

const traces = captureTraces({ deadlineMs: 20_000 });

async function listen(app: Express): Promise<{ server: Server; url: string }> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

const upTo = (most: number): number => Math.floor(Math.random() * (most + 1));

it('no trace is complete before the last of its spans has begun', async () => {
  const back = await listen(
    express()
      .use(tracing({ service: 'back' }))
      .get('/', (_req, res) => void setTimeout(() => res.end('x'), upTo(8))),
  );
  const call = [
    () => createClient({ service: 'back', baseURL: back.url, timeoutMs: 1 + upTo(4), retries: 1 }).get('/'),
    () => fetch(back.url, { signal: AbortSignal.timeout(upTo(5)) }).then((answer) => answer.text()),
  ];
  const front = await listen(
    express()
      .use(tracing({ service: 'front' }))
      .get('/:way', async (req, res) => {
        await call[Number(req.params['way'])]?.().catch(() => undefined);
        res.end();
      }),
  );
  const seen = new Map<string, number>();
  for (let round = 0; round < 6; round += 1) {
    const ask = async (_: unknown, i: number): Promise<void> => {
      const { traceId, spans } = await traces.of(await fetch(`${front.url}/${i % 2}`));
      seen.set(traceId, spans.length);
    };
    await Promise.all(Array.from({ length: 50 }, ask));
  }
  for (const { server } of [front, back]) await close(server);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const all = traces.all();
  const isGivenUp = all.filter(({ spans }) =>
    spans.some(({ attributes }) => attributes['error.type'] === 'timeout'),
  );
  expect(isGivenUp.length).toBeGreaterThan(0);
  expect(all.filter(({ traceId, spans }) => seen.get(traceId) !== spans.length)).toEqual([]);
});
