// The batching processor by itself, with an exporter that answers what the test says.

import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, createContextKey, type Link, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import { SamplingDecision, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { BatchProcessor } from '../../src/start/batch-processor.ts';
import { type EncodedBatch, EncodedQueue } from '../../src/start/encoded-queue.ts';
import type { AnsweredResult } from '../../src/start/export-outcome.ts';
import { SpanQueue } from '../../src/start/span-queue.ts';
import { BUSY, REFUSED, ScriptedExporter, SUCCESS } from './support/scripted-exporter.ts';
import { endAllTraced, LIMITS, shipped, sumOfDropped, traced, unaccounted } from './support/traced.ts';

const PACK = { spans: 512, bytes: 1_000_000 };
const SMALL = { fullBatchSize: 4, maxBatchSize: 4, delayMs: 60_000 };

afterEach(endAllTraced);

describe('forceFlush', () => {
  it('includes spans that ended while another batch was being sent', async () => {
    const exporter = new ScriptedExporter(undefined);
    const { processor, make } = traced(exporter, SMALL);
    const sending = exporter.nextExport();
    make(4, 'first');
    await sending;
    make(2, 'during');
    const flushed = processor.forceFlush();
    exporter.answer(SUCCESS);
    await flushed;
    expect(exporter.confirmed).toHaveLength(6);
    expect(processor.stats()).toMatchObject({ exported: 6, queued: 0 });
  });

  it('called twice at once sends every span once and resolves both', async () => {
    const exporter = new ScriptedExporter(undefined);
    const { processor, make } = traced(exporter, SMALL);
    make(2);
    const first = processor.forceFlush();
    make(1, 'later');
    const second = processor.forceFlush();
    await exporter.nextExport();
    exporter.answer(SUCCESS);
    await Promise.all([first, second]);
    expect(exporter.confirmed).toEqual(['work 0', 'work 1', 'later 0']);
  });

  it('tries again while a busy backend answers, and resolves when it takes the spans', async () => {
    const exporter = new ScriptedExporter(BUSY, BUSY, SUCCESS);
    const { processor, make } = traced(exporter, SMALL);
    make(3);
    await processor.forceFlush();
    expect(processor.stats()).toMatchObject({ exported: 3, queued: 0 });
  });

  it('resolves at its deadline and keeps the spans', async () => {
    const exporter = new ScriptedExporter(undefined);
    const { processor, make } = traced(exporter, SMALL);
    make(3);
    await processor.forceFlush(30);
    expect(processor.stats()).toMatchObject({ exported: 0, queued: 3 });
    exporter.answer(SUCCESS);
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ exported: 3, queued: 0 });
  });

  it('with nothing to send resolves without an export', async () => {
    const exporter = new ScriptedExporter();
    await traced(exporter).processor.forceFlush();
    expect(exporter.batches).toHaveLength(0);
  });
});

describe('sending', () => {
  it('never runs two exports at once', async () => {
    let running = 0;
    let most = 0;
    const exporter: SpanExporter = {
      export(_spans, done) {
        running += 1;
        most = Math.max(most, running);
        setImmediate(() => {
          running -= 1;
          done(SUCCESS);
        });
      },
      shutdown: async () => {},
    };
    const { processor, make } = traced(exporter, SMALL);
    make(50);
    await Promise.all([processor.forceFlush(), processor.forceFlush(), processor.shutdown()]);
    expect(most).toBe(1);
    expect(processor.stats().exported).toBe(50);
  });

  it('never runs inside span.end()', () => {
    const exporter = new ScriptedExporter();
    traced(exporter, SMALL).make(4);
    expect(exporter.batches).toHaveLength(0);
  });

  it('runs outside of the context of the request that filled the batch, and is not traced itself', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const store = new AsyncLocalStorage<string>();
    const key = createContextKey('of the request');
    let seen: unknown;
    const exporter: SpanExporter = {
      export(_spans, done) {
        const active = context.active();
        seen = {
          store: store.getStore(),
          value: active.getValue(key),
          suppressed: isTracingSuppressed(active),
        };
        done(SUCCESS);
      },
      shutdown: async () => {},
    };
    const { processor, make } = traced(exporter, SMALL);
    await store.run('a request', () =>
      context.with(ROOT_CONTEXT.setValue(key, 1), () => {
        make(4);
        return processor.forceFlush();
      }),
    );
    context.disable();
    expect(seen).toEqual({ store: undefined, value: undefined, suppressed: true });
  });

  it('puts failed batches back in their order', async () => {
    const exporter = new ScriptedExporter(BUSY);
    const { processor, make } = traced(exporter, SMALL);
    make(10);
    await processor.shutdown();
    expect(exporter.confirmed).toEqual(Array.from({ length: 10 }, (_, i) => `work ${i}`));
  });
});

describe('an exporter that does not behave', () => {
  it('which throws at once loses the batch as export_failed, and the next one is sent', async () => {
    let calls = 0;
    const exporter: SpanExporter = {
      export(_spans, done) {
        calls += 1;
        if (calls === 1) throw new Error('broken');
        done(SUCCESS);
      },
      shutdown: async () => {},
    };
    const { processor, make } = traced(exporter, SMALL);
    make(6);
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ exported: 2, dropped: { export_failed: 4 } });
  });

  it('which answers twice is heard once', async () => {
    const exporter: SpanExporter = {
      export(_spans, done) {
        done(SUCCESS);
        done(REFUSED);
      },
      shutdown: async () => {},
    };
    const { processor, make } = traced(exporter, SMALL);
    make(3);
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ exported: 3, dropped: {} });
  });

  it('which fails to shut down, or never does, does not hold up the shutdown', async () => {
    const failing: SpanExporter = {
      export: (_s, done) => done(SUCCESS),
      shutdown: () => Promise.reject(new Error()),
    };
    const hanging: SpanExporter = {
      export: (_s, done) => done(SUCCESS),
      shutdown: () => new Promise(() => {}),
    };
    await traced(failing).processor.shutdown();
    const start = performance.now();
    await traced(hanging, { flushDeadlineMs: 50 }).processor.shutdown();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('the account', () => {
  it('counts spans that the sampler only let record as unsampled', async () => {
    const exporter = new ScriptedExporter();
    const processor = new BatchProcessor(exporter, new SpanQueue(), LIMITS, () => {});
    const sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }), toString: () => 'record' };
    const tracer = new TracerProvider({ sampler, spanProcessors: [processor] }).getTracer('test');
    tracer.startSpan('x').end();
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ started: 1, ended: 1, unsampled: 1, exported: 0 });
  });

  it('counts a span that nobody could encode, tells the application nothing, and sends the others', async () => {
    const sent: number[] = [];
    const exporter = {
      export: ({ length }: EncodedBatch, done: (result: AnsweredResult) => void) => {
        sent.push(length);
        done(SUCCESS);
      },
      shutdown: async () => {},
    };
    const { processor, tracer, make } = shipped({ exporter, queue: () => new EncodedQueue(PACK) });
    make(1);
    tracer.startSpan('linked to nothing', { links: [{} as Link] }).end();
    make(1);
    await processor.forceFlush();
    expect(sent).toEqual([2]);
    expect(processor.stats()).toMatchObject({ ended: 3, exported: 2, dropped: { not_encodable: 1 } });
    expect(unaccounted(processor.stats())).toBe(0);
  });

  it('lets the exit of the process take what is unconfirmed, being sent or not', async () => {
    const exporter = new ScriptedExporter(undefined);
    const { processor, make } = traced(exporter, SMALL);
    const sending = exporter.nextExport();
    make(6);
    await sending;
    const taken = processor.takeUnconfirmed();
    expect(taken.flat()).toHaveLength(6);
    processor.settle(5, undefined);
    processor.settle(1, 'exit');
    exporter.answer(SUCCESS);
    await processor.shutdown();
    expect(processor.stats()).toMatchObject({ exported: 5, queued: 0, dropped: { exit: 1 } });
  });

  it('is exact after any sequence of spans, answers, flushes and ends', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ make: fc.integer({ min: 1, max: 9 }) }),
        fc.constantFrom('flush' as const, 'turn' as const, 'take' as const),
      ),
      { maxLength: 25 },
    );
    const answers = fc.array(fc.constantFrom(SUCCESS, BUSY, REFUSED, { ...SUCCESS, rejected: 2 }), {
      maxLength: 20,
    });
    const property = fc.asyncProperty(steps, answers, async (sequence, script) => {
      const exporter = new ScriptedExporter(...script);
      const { processor, make } = traced(exporter, { ...SMALL, maxQueueSize: 12, flushDeadlineMs: 1 });
      for (const step of sequence) {
        if (step === 'flush') await processor.forceFlush();
        else if (step === 'turn') await new Promise((resolve) => setImmediate(resolve));
        else if (step === 'take') processor.settle(processor.takeUnconfirmed().flat().length, 'exit');
        else make(step.make);
        expect(unaccounted(processor.stats())).toBe(0);
      }
      await processor.shutdown();
      const stats = processor.stats();
      expect(unaccounted(stats)).toBe(0);
      expect(stats.queued).toBe(0);
      expect(exporter.confirmed.length).toBeGreaterThanOrEqual(stats.exported);
      expect(sumOfDropped(stats)).toBeLessThanOrEqual(stats.ended);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});
