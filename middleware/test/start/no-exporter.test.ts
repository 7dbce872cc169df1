// With OTEL_TRACES_EXPORTER=none no span is made, and what comes in as trace context goes out unchanged.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTracing, type TracingHandle, tracing } from '@longpole/express';
import express from 'express';
import request from 'supertest';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const lines: string[] = [];
let handle: TracingHandle;

beforeEach(() => {
  process.env['OTEL_TRACES_EXPORTER'] = 'none';
  lines.length = 0;
  handle = startTracing({ service: 'silent', log: (line) => lines.push(line) });
});

afterEach(async () => {
  delete process.env['OTEL_TRACES_EXPORTER'];
  await handle.shutdown();
});

it('makes no spans, answers without ids and hands the context on as it came', async () => {
  const heard: (string | undefined)[] = [];
  const peer = createServer((incoming, response) => {
    heard.push(incoming.headers['traceparent'] as string | undefined);
    response.end();
  });
  await new Promise<void>((done) => peer.listen(0, '127.0.0.1', done));
  const app = express();
  app.use(tracing());
  app.get('/', async (_incoming, response) => {
    await (await fetch(`http://127.0.0.1:${(peer.address() as AddressInfo).port}/`)).text();
    response.send('ok');
  });
  const answer = await request(app).get('/').set('traceparent', TRACEPARENT).expect(200);
  await request(app).get('/').expect(200);
  await new Promise((done) => peer.close(done));

  expect(answer.headers['traceresponse']).toBeUndefined();
  expect(heard).toEqual([TRACEPARENT, undefined]);
  expect(handle.stats()).toMatchObject({ started: 0, ended: 0, exported: 0 });
  expect(lines.join('\n')).toMatch(/→ nowhere \(OTEL_TRACES_EXPORTER=none\)$/);
});
