// Shaping in a running service: calls over HTTP past the budget, work after the response, and the handle's statistics.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import express from 'express';
import {
  type CarriedContext,
  carryContext,
  runJob,
  startTracing,
  type TracingHandle,
  tracing,
  withSpan,
} from '../../src/index.ts';
import { accountedFor, orphans } from './support/shaped.ts';

const exporter = new InMemorySpanExporter();
let handle: TracingHandle;
let server: http.Server;
let baseUrl: string;
let leftBehind: Promise<void> = Promise.resolve();

beforeAll(async () => {
  handle = startTracing({ exporter, spanBudget: 10, log: () => {} });
  const app = express();
  app.use('/large', tracing({ spanBudget: 100 }));
  app.get(['/calls', '/large/calls'], async (_request, response) => {
    for (let i = 0; i < 10; i += 1) {
      await withSpan(`step ${i % 2}`, () => (i % 2 === 0 ? byFetch() : byHttp()));
    }
    response.end();
  });
  app.get('/jobs', async (_request, response) => {
    const orders: CarriedContext[] = [];
    for (let i = 0; i < 20; i += 1) withSpan(`order ${i}`, () => orders.push(carryContext()));
    for (const from of orders) await runJob({ name: 'job', from }, () => {});
    response.end();
  });
  app.get('/leaves', (_request, response) => {
    response.end();
    leftBehind = new Promise((resolve) => {
      response.once('close', () =>
        setImmediate(() => {
          withSpan('left behind', () => {});
          resolve();
        }),
      );
    });
  });
  app.get('/callee', (_request, response) => void response.end());
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await handle.shutdown();
});

afterEach(() => exporter.reset());

async function byFetch(path = '/callee'): Promise<void> {
  await (await fetch(baseUrl + path)).arrayBuffer();
}

function byHttp(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${baseUrl}/callee`, (response) => response.resume().once('close', resolve));
    request.once('error', reject);
  });
}

async function spansOf(path: string, count: number): Promise<readonly ReadableSpan[]> {
  const endedBefore = handle.stats().ended;
  await byFetch(path);
  await leftBehind;
  while (handle.stats().ended < endedBefore + count) await new Promise((resolve) => setImmediate(resolve));
  await handle.forceFlush();
  return exporter.getFinishedSpans();
}

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

describe('a service with a span budget', () => {
  it('leaves no service that it calls with a parent that is not there', async () => {
    const spans = await spansOf('/calls', 32);
    expect(spans.filter(({ name }) => name === 'GET /callee')).toHaveLength(10);
    const ids = new Set(spans.map((span) => span.spanContext().spanId));
    const parents = spans.flatMap(({ parentSpanContext }) => parentSpanContext?.spanId ?? []);
    expect(parents.filter((id) => !ids.has(id))).toEqual([]);
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    const own = spans.filter(({ name }) => name !== 'GET /callee');
    expect(own).toHaveLength(10 + 1);
    expect(accountedFor(spans)).toEqual({
      'GET /calls': 1,
      'GET /callee': 10,
      'step 0': 5,
      'step 1': 5,
      GET: 11,
    });
  });

  it('takes the budget of tracing() where there is one', async () => {
    const spans = await spansOf('/large/calls', 32);
    expect(spans).toHaveLength(32);
  });

  it('links jobs to spans that are exported', async () => {
    const spans = await spansOf('/jobs', 42);
    const ids = new Set(spans.map((span) => span.spanContext().spanId));
    const jobs = spans.filter(({ kind }) => kind === SpanKind.CONSUMER);
    expect(jobs).toHaveLength(20);
    expect(jobs.filter(({ links }) => !ids.has(links[0]?.context.spanId ?? ''))).toEqual([]);
    expect(orphans(spans)).toEqual([]);
  });

  it('marks what a handler leaves running', async () => {
    const spans = await spansOf('/leaves', 3);
    const marked = spans.filter(({ attributes }) => attributes['longpole.after_response'] === true);
    expect(marked.map(({ name }) => name)).toEqual(['left behind']);
  });

  it('accounts for every span in its statistics', async () => {
    await spansOf('/jobs', 42);
    const { exported, queued, dropped, unsampled, ended, faults } = handle.stats();
    expect(exported + queued + sum(dropped) + unsampled).toBe(ended);
    expect(Object.keys(dropped)).toEqual(['span_budget']);
    expect(faults).toBe(0);
  });
});
