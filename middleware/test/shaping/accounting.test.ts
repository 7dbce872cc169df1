// Every span is accounted for: in large requests, in many at once, and in the statistics.

import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Span as ApiSpan, context, SpanKind } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { SpanShaper, withShaping } from '../../src/shaping/index.ts';
import { BatchProcessor } from '../../src/start/batch-processor.ts';
import { SpanQueue } from '../../src/start/span-queue.ts';
import { accountedFor, contextOf, orphans, Shaped } from './support/shaped.ts';

afterEach(() => context.disable());

const LIMITS = {
  maxQueueSize: 10_000,
  fullBatchSize: 1000,
  maxBatchSize: 1000,
  maxBatchBytes: 1e9,
  delayMs: 60_000,
  exportTimeoutMs: 1000,
  flushDeadlineMs: 1000,
};

describe('with a batch processor behind', () => {
  it('every span is accounted for, at every moment', async () => {
    const exporter = new InMemorySpanExporter();
    const batches = new BatchProcessor(exporter, new SpanQueue(), LIMITS, () => {});
    const shaper = new SpanShaper([batches], { spanBudget: 50, foldRuns: true });
    const tracer = new TracerProvider({ spanProcessors: [shaper] }).getTracer('test');
    let ended = 0;
    const check = (): void => {
      const stats = withShaping(batches.stats(), shaper.counts());
      const dropped = Object.values(stats.dropped).reduce((a, b) => a + b, 0);
      expect(stats.ended).toBe(ended);
      expect(stats.exported + stats.queued + dropped + stats.unsampled).toBe(ended);
    };
    const request = tracer.startSpan('request');
    for (let i = 0; i < 300; i += 1) {
      tracer.startSpan(i % 60 < 20 ? 'SELECT' : `step ${i % 7}`, {}, contextOf(request)).end();
      ended += 1;
      check();
    }
    request.end();
    ended += 1;
    check();
    await shaper.forceFlush();
    check();
    const spans = exporter.getFinishedSpans();
    expect(spans.length).toBeLessThanOrEqual(50);
    expect(Object.values(accountedFor(spans)).reduce((a, b) => a + b, 0)).toBe(301);
    expect(withShaping(batches.stats(), shaper.counts()).dropped).toEqual({
      span_budget: expect.any(Number),
      folded: expect.any(Number),
    });
    await shaper.shutdown();
  });
});

describe('ten thousand spans of one request', () => {
  it('stay within the budget, with all errors and exact counts', () => {
    const world = new Shaped({ spanBudget: 200 });
    const request = world.request();
    const made: Record<string, number> = { 'GET /': 1 };
    const make = (name: string, parent: ApiSpan): ApiSpan => {
      made[name] = (made[name] ?? 0) + 1;
      return world.start(name, parent);
    };
    for (let i = 0; i < 2500; i += 1) {
      const outer = make(`middleware ${i % 5}`, request);
      const inner = make('iteration', outer);
      world.end(make('read', inner));
      const last = make('write', inner);
      if (i % 500 === 499) world.fail(last);
      else world.end(last);
      world.end(inner);
      world.end(outer);
    }
    world.end(request);
    const { spans } = world.sink;
    const failed = spans.filter(({ status }) => status.code === 2);
    expect(failed).toHaveLength(5);
    expect(spans).toHaveLength(200 + 5 * 3);
    expect(orphans(spans)).toEqual([]);
    expect(accountedFor(spans)).toEqual(made);
    expect(world.shaper.counts().spanBudget).toBe(10_001 - spans.length);
  });
});

describe('requests at the same time', () => {
  it('each keep their own budget, spans and counts', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const exporter = new InMemorySpanExporter();
    const shaper = new SpanShaper([new BatchProcessor(exporter, new SpanQueue(), LIMITS, () => {})], {
      spanBudget: 20,
      foldRuns: true,
    });
    const tracer = new TracerProvider({ spanProcessors: [shaper] }).getTracer('test');
    const work = async (request: number, depth: number): Promise<void> => {
      for (let i = 0; i < 5; i += 1) {
        await tracer.startActiveSpan(`${request} step ${i}`, async (span) => {
          await turn();
          if (depth > 0) await work(request, depth - 1);
          span.end();
        });
      }
    };
    const requests = Array.from({ length: 100 }, (_, i) =>
      tracer.startActiveSpan(`${i} request`, { kind: SpanKind.SERVER }, async (span) => {
        await work(i, 2);
        span.end();
        // Left behind: it starts when the request is over.
        await turn();
        await work(i, 0);
      }),
    );
    await Promise.all(requests);
    await shaper.forceFlush();
    const spans = exporter.getFinishedSpans();
    expect(orphans(spans)).toEqual([]);
    for (let i = 0; i < 100; i += 1) {
      const [root] = spans.filter(({ name }) => name === `${i} request`);
      const own = spans.filter((span) => span.spanContext().traceId === root?.spanContext().traceId);
      expect(own.length).toBeLessThanOrEqual(21);
      const counts = accountedFor(own);
      expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(1 + 155 + 5);
      expect(Object.keys(counts).filter((name) => !name.startsWith(`${i} `))).toEqual([]);
      const late = own.filter(({ attributes }) => attributes['longpole.after_response'] === true);
      expect(late).toHaveLength(1);
    }
    await shaper.shutdown();
  });
});
