// captureTraces() on one app: finding traces, waiting for them, and what it says when they do not come.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import axios from 'axios';
import express, { type Express } from 'express';
import request from 'supertest';
import { carryContext, createClient, runJob, startTracing, tracing, withSpan } from '../../src/index.ts';
import { type CapturedTrace, captureTraces } from '../../src/testing.ts';

const traces = captureTraces({ deadlineMs: 10_000 });
afterEach(() => traces.clear());

const app = express();
const ended: (() => void)[] = [];
let carried: ReturnType<typeof carryContext> = {};
app.use(tracing({ service: 'orders' }));
app.get('/orders/:id', async (req, res) => {
  await withSpan('load order', { 'order.id': req.params.id }, async () => undefined);
  res.json({ id: req.params.id });
});
app.get('/later', (_req, res) => {
  void withSpan('later', () => new Promise<void>((resolve) => ended.push(resolve)));
  res.status(202).end();
});
app.get('/job', (_req, res) => {
  carried = withSpan('order job', () => carryContext());
  res.status(202).end();
});
app.get('/fail', () => {
  throw new RangeError('out of range');
});

let server: Server;
let base: string;
beforeAll(async () => {
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const linesOf = (trace: CapturedTrace): string[] =>
  trace.spans.map(({ service, kind, name }) => `${service} ${kind} ${name}`);
const ORDER = ['orders SERVER GET /orders/:id', 'orders INTERNAL load order'];

describe('traces.of()', () => {
  it('gives the trace of a response of supertest, fetch and axios, without the call of the test', async () => {
    const responses = [
      await request(base).get('/orders/7'),
      await fetch(`${base}/orders/7`),
      await axios.get(`${base}/orders/7`),
    ];
    for (const response of responses) expect(linesOf(await traces.of(response))).toEqual(ORDER);
  });

  it('gives it for headers, for a header’s text and for a trace id', async () => {
    const { headers } = await request(base).get('/orders/7');
    const { traceId } = await traces.of(headers);
    const text = String(headers['traceresponse']);
    for (const origin of [text, traceId, new Headers({ traceresponse: text }), { TraceResponse: [text] }]) {
      expect((await traces.of(origin)).traceId).toBe(traceId);
    }
  });

  it('gives plain data, with everything that the span had', async () => {
    const trace = await traces.of(await request(base).get('/fail'));
    expect(structuredClone(trace)).toEqual(trace);
    expect(trace).toMatchObject({ isComplete: true, inFlight: [], services: ['orders'] });
    const [server, ...rest] = trace.spans;
    expect(rest).toEqual([]);
    expect(server).toMatchObject({
      traceId: trace.traceId,
      parentSpanId: undefined,
      status: { code: 'ERROR', message: 'out of range' },
      attributes: { 'http.route': '/fail', 'http.response.status_code': 500, 'error.type': 'RangeError' },
      events: [{ name: 'exception', attributes: { 'exception.message': 'out of range' } }],
      links: [],
      scope: { name: '@longpole/express', version: expect.any(String) },
    });
    expect((server?.endNs ?? 0n) > (server?.startNs ?? 0n)).toBe(true);
    expect(trace.roots.map(({ span }) => span)).toEqual([server]);
  });

  it('waits for spans that end after the response', async () => {
    const response = await request(base).get('/later').expect(202);
    const waiting = traces.of(response);
    let isDone = false;
    void waiting.then(() => {
      isDone = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    expect(traces.all()).toMatchObject([
      { isComplete: false, inFlight: [{ what: 'span', name: 'later', kind: 'INTERNAL', service: 'orders' }] },
    ]);
    ended.pop()?.();
    expect(linesOf(await waiting)).toEqual(['orders SERVER GET /later', 'orders INTERNAL later']);
  });

  it('gives 200 requests at once each a complete trace of its own', async () => {
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const trace = await traces.of(await fetch(`${base}/orders/${i}`));
        expect(linesOf(trace)).toEqual(ORDER);
        expect(trace.spans[1]?.attributes).toEqual({ 'order.id': String(i) });
        return trace.traceId;
      }),
    );
    expect(new Set(seen).size).toBe(200);
  });

  it('continues a trace that the test begins', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    const trace = await traces.of(await request(base).get('/orders/7').set('traceparent', traceparent));
    expect(trace).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', isComplete: true });
    expect(trace.spans[0]?.parentSpanId).toBe('b7ad6b7169203331');
  });

  it('has the test’s own call in it when the test makes it in a span', async () => {
    const response = await withSpan('the test', () => fetch(`${base}/orders/7`));
    await response.text();
    const expected = ['INTERNAL the test', 'CLIENT GET'].map((line) => `unknown_service ${line}`);
    expect(linesOf(await traces.of(response))).toEqual([...expected, ...ORDER]);
  });

  it('is not kept from its end by fake timers', async () => {
    jest.useFakeTimers();
    try {
      expect(linesOf(await traces.of(await request(base).get('/orders/7')))).toEqual(ORDER);
      const waiting = traces.of('1'.repeat(32), { deadlineMs: 20 });
      await expect(waiting).rejects.toMatchObject({ code: 'ERR_LONGPOLE_TRACE_INCOMPLETE' });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('what it says in vain', () => {
  it('names what is open, draws the trace, and points at the line of the test', async () => {
    const response = await request(base).get('/later');
    const error = await traces.of(response, { deadlineMs: 30 }).catch((caught: Error) => caught);
    ended.pop()?.();
    const { message, stack } = error as Error;
    const lines = message
      .replace(/trace [0-9a-f]{32}/, 'trace …')
      .replace(/ +[\d.]+ ms$/gm, '  N ms')
      .replace(/ +open$/gm, '  open');
    expect(lines).toMatchInlineSnapshot(`
"The trace was not complete within 30 ms.
  orders: the INTERNAL span 'later' has not ended

trace …
  orders  GET /later  SERVER    202  N ms
✗ orders  └─ later    INTERNAL  open
               ╰ has not ended
 [ERR_LONGPOLE_TRACE_INCOMPLETE]"
`);
    expect(error).toMatchObject({ name: 'LongpoleError', code: 'ERR_LONGPOLE_TRACE_INCOMPLETE' });
    expect(stack?.split('\n').find((line) => line.includes(' at '))).toContain('capture.test.ts');
  });

  it.each([
    ['no header', { headers: {} }, 'the response has no traceresponse header'],
    ['a promise', Promise.resolve(new Response()), 'await the response first'],
    ['nothing', undefined, 'but received undefined'],
    ['no trace id', 'abc', '"abc" is no trace id'],
    ['a header without one', { headers: { traceresponse: 'x' } }, 'has no trace id in it'],
  ])('says so of %s', async (_what, origin, message) => {
    const failing = traces.of(origin as { headers: object });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_LONGPOLE_NO_TRACE' });
    await expect(failing).rejects.toThrow(message);
  });

  it('says that a trace is not of this process', async () => {
    await expect(traces.of('1'.repeat(32), { deadlineMs: 10 })).rejects.toThrow(
      'No span of the trace 11111111111111111111111111111111 was captured within 10 ms.',
    );
  });
});

describe('traces.waitFor()', () => {
  it('finds a trace by what is in it, past or to come', async () => {
    const isOf = (id: string) => (trace: CapturedTrace) =>
      trace.spans.some(({ attributes }) => attributes['order.id'] === id);
    const waiting = traces.waitFor(isOf('2'));
    await fetch(`${base}/orders/1`);
    await fetch(`${base}/orders/2`);
    const found = await waiting;
    expect(await traces.waitFor(isOf('2'))).toEqual(found);
    expect(linesOf(found)).toEqual(ORDER);
  });

  it('shows what there is when nothing fits, and fails with what the predicate throws', async () => {
    await traces.of(await fetch(`${base}/orders/1`));
    await expect(traces.waitFor(() => false, { deadlineMs: 10 })).rejects.toThrow(
      /found no trace within 10 ms: of 1 captured, 1 complete, none fits\.\s+trace [0-9a-f]{32}\n.*GET \/orders\/:id/,
    );
    const throwing = traces.waitFor(() => {
      throw new Error('of the predicate');
    });
    await expect(throwing).rejects.toThrow('of the predicate');
    await expect(traces.waitFor('later' as never)).rejects.toMatchObject({
      code: 'ERR_LONGPOLE_INVALID_OPTION',
    });
  });
});

describe('traces.linkedTo()', () => {
  it('waits for the job, with the name of the application that ordered it', async () => {
    const trace = await traces.of(await request(base).get('/job'));
    expect(trace).toMatchObject({ isComplete: true, inFlight: [{ what: 'job', name: 'order job' }] });
    const waiting = traces.linkedTo(trace);
    await runJob({ name: 'ship', from: carried }, () => withSpan('pack', () => undefined));
    const [job, ...rest] = await waiting;
    expect(rest).toEqual([]);
    expect(linesOf(job as CapturedTrace)).toEqual(['orders CONSUMER ship', 'orders INTERNAL pack']);
    expect(job?.spans[0]?.links).toMatchObject([{ traceId: trace.traceId, spanId: trace.spans[1]?.spanId }]);
    expect(traces.all().map(({ inFlight }) => inFlight)).toEqual([[], []]);
  });

  it('has every try of the job', async () => {
    const trace = await traces.of(await request(base).get('/job'));
    for (const attempt of [1, 2]) await runJob({ name: 'ship', from: carried, attempt }, () => undefined);
    expect(await traces.linkedTo(trace)).toHaveLength(2);
  });

  it('is empty for a trace that has ordered none, and says which job is lost', async () => {
    expect(await traces.linkedTo(await traces.of(await request(base).get('/orders/1')))).toEqual([]);
    const trace = await traces.of(await request(base).get('/job'));
    await expect(traces.linkedTo(trace, { deadlineMs: 20 })).rejects.toThrow(
      "orders: the job that 'order job' has ordered with carryContext() has not begun",
    );
  });
});

describe('traces.clear()', () => {
  it('forgets, also what requests under way will bring', async () => {
    const trace = await traces.of(await request(base).get('/orders/1'));
    await request(base).get('/later');
    traces.clear();
    expect(traces.all()).toEqual([]);
    ended.pop()?.();
    await traces.of(await request(base).get('/orders/2'));
    expect(traces.all().map(linesOf)).toEqual([ORDER]);
    await expect(traces.linkedTo(trace)).rejects.toMatchObject({ code: 'ERR_LONGPOLE_NO_TRACE' });
  });
});

it('does not lose a request that its caller has given up', async () => {
  const inner = createClient({ service: 'orders', baseURL: base, timeoutMs: 30, retries: 0 });
  const front: Express = express();
  front.use(tracing({ service: 'front' }));
  front.get('/', async (_req, res) => {
    await inner.get('/later-still').catch(() => undefined);
    res.end();
  });
  app.get('/later-still', (_req, res) => void ended.push(() => res.end()));
  const response = await request(front).get('/');
  const open = traces.of(response);
  ended.pop()?.();
  expect(linesOf(await open)).toEqual([
    'front SERVER GET /',
    'front CLIENT GET',
    'orders SERVER GET /later-still',
  ]);
});

it('is what startTracing() gives while it captures, and nothing can stop it from there', async () => {
  const handle = startTracing({ service: 'other', endpoint: 'http://127.0.0.1:1' });
  await fetch(`${base}/orders/1`);
  await handle.shutdown();
  const { started, ended: done, exported } = handle.stats();
  expect([started >= done, done > 0, exported]).toEqual([true, true, 0]);
  expect(linesOf(await traces.of(await fetch(`${base}/orders/2`)))).toEqual(ORDER);
});

it('names the requests of an application that was loaded anew', async () => {
  const fresh = express();
  jest.isolateModules(() => {
    const { tracing: anotherTracing } = require('../../src/index.ts') as typeof import('../../src/index.ts');
    expect(anotherTracing).not.toBe(tracing);
    fresh.use(anotherTracing({ service: 'fresh' }));
  });
  fresh.get('/', (_req, res) => void res.end());
  expect(linesOf(await traces.of(await request(fresh).get('/')))).toEqual(['fresh SERVER GET /']);
});
