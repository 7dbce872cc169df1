// The processor as a processor: flushing, ending, faults, and what it does with spans that are none of its business.

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ReadableSpan, SamplingDecision, type Span, TracerProvider } from '@opentelemetry/sdk-trace';
import { type ShapingOptions, SpanShaper } from '../../src/shaping/index.ts';
import { nodeOfSpan } from '../../src/shaping/known-spans.ts';
import { sharedState } from '../../src/shared/state.ts';
import { accountedFor, contextOf, Shaped, Sink } from './support/shaped.ts';

const OPTIONS: ShapingOptions = { spanBudget: 200, foldRuns: true };

afterEach(() => {
  jest.useRealTimers();
  context.disable();
});

describe('what is held', () => {
  it('is handed on by forceFlush() before the processors behind are flushed', async () => {
    const world = new Shaped();
    world.leaves(3, () => 'SELECT', world.request());
    expect(world.sink.spans).toHaveLength(0);
    await world.shaper.forceFlush();
    expect(world.sink.spans).toHaveLength(3);
    expect(world.sink.flushes).toBe(1);
  });

  it('is handed on by shutdown(), and spans that end later go straight on', async () => {
    const world = new Shaped({ spanBudget: 2 });
    const request = world.request();
    const [open, over] = [world.start('open', request), world.start('over', request)];
    world.leaves(6, () => 'SELECT', open);
    await world.shaper.shutdown();
    await world.shaper.shutdown();
    for (const span of [over, open, request]) world.end(span);
    world.leaf('after', request);
    expect(world.sink.names).toEqual(['over', 'open', 'GET /', 'after']);
    expect(world.shaper.counts()).toEqual({ spanBudget: 6, folded: 0, held: 0 });
  });

  it('leaves after one to two seconds without news, while its parent is still open', () => {
    jest.useFakeTimers();
    const world = new Shaped();
    const request = world.request();
    world.leaves(6, () => 'SELECT', request);
    jest.advanceTimersByTime(1100);
    world.leaves(6, () => 'SELECT', request);
    jest.advanceTimersByTime(1000);
    expect(world.sink.spans).toHaveLength(0);
    jest.advanceTimersByTime(1000);
    expect(accountedFor(world.sink.spans)).toEqual({ SELECT: 12 });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps neither the process alive nor the context of a request', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const world = new Shaped();
    const request = world.request();
    const timers = refedTimers();
    const seen = new Promise((resolve) => {
      world.sink.onEnd = () => resolve(trace.getActiveSpan());
    });
    context.with(contextOf(request), () => world.leaves(6, () => 'SELECT', request));
    expect(refedTimers()).toBe(timers);
    expect(await seen).toBeUndefined();
  });

  it('no timer runs when nothing waits any more', async () => {
    jest.useFakeTimers();
    const world = new Shaped();
    world.leaves(2, () => 'SELECT', world.request());
    expect(jest.getTimerCount()).toBe(1);
    await world.shaper.shutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('spans that are not shaped', () => {
  const recordOnly = (names: string[]) => ({
    shouldSample: (_context: unknown, _trace: string, name: string) => ({
      decision: names.includes(name) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.RECORD,
    }),
    toString: () => 'by name',
  });

  it('unsampled ones pass through and count nowhere', () => {
    const world = new Shaped({ spanBudget: 2, sampler: recordOnly([]) });
    const request = world.request();
    world.leaves(10, () => 'SELECT', request);
    world.end(request);
    expect(world.sink.started).toBe(11);
    expect(world.sink.spans).toHaveLength(11);
    expect(world.shaper.counts()).toEqual({ spanBudget: 0, folded: 0, held: 0 });
    for (const { attributes } of world.sink.spans) expect(attributes).toEqual({});
  });

  it('a sampled span below an unsampled one is a local root', () => {
    const world = new Shaped({ spanBudget: 2, sampler: recordOnly(['sampled', 'step']) });
    const sampled = world.start('sampled', world.request());
    world.leaves(3, () => 'step', sampled);
    world.end(sampled);
    expect(world.sink.named('sampled')[0]?.attributes['longpole.dropped_spans']).toBe(2);
  });

  it('a span below one of another provider is a local root; each shapes its own', () => {
    const [mine, other] = [new Shaped({ spanBudget: 2 }), new Shaped({ spanBudget: 2 })];
    const request = mine.request();
    const foreign = other.start('foreign', request);
    other.leaves(3, (i) => `step ${i}`, foreign);
    mine.leaves(3, (i) => `step ${i}`, request);
    for (const [world, span] of [
      [other, foreign],
      [mine, request],
    ] as const) {
      world.end(span);
      expect(world.sink.names).toHaveLength(2);
      expect(world.sink.spans[1]?.attributes['longpole.dropped_spans']).toBe(2);
    }
  });

  it('two in a row do the work once', () => {
    const sink = new Sink();
    const inner = new SpanShaper([sink], { ...OPTIONS, spanBudget: 3 });
    const outer = new SpanShaper([inner], { ...OPTIONS, spanBudget: 3 });
    const tracer = new TracerProvider({ spanProcessors: [outer] }).getTracer('test');
    const before = sharedState().faults;
    const request = tracer.startSpan('request');
    for (let i = 0; i < 5; i += 1) tracer.startSpan(`step ${i}`, {}, contextOf(request)).end();
    request.end();
    expect(sink.names).toEqual(['step 0', 'step 1', 'request']);
    expect(sharedState().faults).toBe(before);
  });
});

describe('faults', () => {
  it('of a processor behind stay away from the application and from the other processors', () => {
    const faulty = new Sink();
    faulty.onStart = () => {
      throw new Error('at the start');
    };
    faulty.onEnd = () => {
      throw new Error('at the end');
    };
    const sink = new Sink();
    const shaper = new SpanShaper([faulty, sink], OPTIONS);
    const tracer = new TracerProvider({ spanProcessors: [shaper] }).getTracer('test');
    const before = sharedState().faults;
    tracer.startSpan('request').end();
    expect(sink.names).toEqual(['request']);
    expect(sharedState().faults).toBe(before + 2);
  });

  it('in a span do not lose it', () => {
    const world = new Shaped();
    const request = world.request();
    const broken = world.start('broken', request);
    Object.defineProperty(broken, 'events', { value: null });
    world.end(broken);
    world.end(request);
    expect(world.sink.names).toEqual(['broken', 'GET /']);
  });

  it('of a span that cannot be read at all stay away from the application', () => {
    const { shaper, sink } = new Shaped();
    const broken = {
      spanContext: () => ({ traceFlags: 1 }),
      get parentSpanContext(): never {
        throw new Error('no');
      },
    };
    expect(() => shaper.onStart(broken as unknown as Span, ROOT_CONTEXT)).not.toThrow();
    expect(() => shaper.onEnd(broken as unknown as ReadableSpan)).not.toThrow();
    expect(sink.spans).toHaveLength(1);
  });
});

describe('memory', () => {
  it('a chain of spans that never ends holds on to no span that has ended', () => {
    const world = new Shaped();
    let last = world.request();
    for (let i = 0; i < 1000; i += 1) {
      const next = world.start('tick', last);
      world.end(last);
      last = next;
    }
    let held = 0;
    for (let node = nodeOfSpan(last)?.parent; node !== undefined; node = node.parent) held += 1;
    expect(held).toBeLessThanOrEqual(1);
  });

  it('leaves no trace on span contexts that others could see', () => {
    const keys = Reflect.ownKeys(new Shaped().request().spanContext());
    expect(keys).toEqual(['traceId', 'spanId', 'traceFlags', 'traceState']);
  });
});

function refedTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
