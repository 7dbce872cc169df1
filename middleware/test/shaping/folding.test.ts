// Folding: a run of equal short spans under one parent becomes one span.

import { describe, expect, it } from '@jest/globals';
import { type Span, SpanKind } from '@opentelemetry/api';
import { contextToPropagate } from '../../src/shaping/index.ts';
import { accountedFor, contextOf, orphans, Shaped, type StartOptions } from './support/shaped.ts';

const QUERY = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };

function start(spanBudget = 200) {
  const world = new Shaped({ spanBudget });
  const request = world.request();
  /** Ends the request and returns the number of spans for each name. */
  const finish = (): Record<string, number> => {
    world.end(request);
    const counts: Record<string, number> = {};
    for (const name of world.sink.names) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  };
  const repeat = (count: number, each: (i: number) => void): void => {
    for (let i = 0; i < count; i += 1) each(i);
  };
  return { world, sink: world.sink, request, finish, repeat };
}

describe('a run', () => {
  it('of five becomes one span from the first start to the last end', () => {
    const { world, sink, request, repeat, finish } = start();
    const startMs = world.nowMs;
    repeat(5, (i) => {
      world.leaf('SELECT', request, { ...QUERY, tookMs: 1 + i });
      world.nowMs += 2;
    });
    const endMs = world.nowMs - 2;
    expect(finish()).toEqual({ SELECT: 1, 'GET /': 1 });
    const [folded] = sink.spans;
    expect(folded?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'longpole.folded.count': 5,
      'longpole.folded.total_ms': 15,
      'longpole.folded.max_ms': 5,
    });
    expect(folded?.startTime).toEqual(hrTime(startMs));
    expect(folded?.endTime).toEqual(hrTime(endMs));
    expect(folded?.duration).toEqual([0, (endMs - startMs) * 1e6]);
    expect(folded?.parentSpanContext).toBe(request.spanContext());
    expect(world.shaper.counts()).toEqual({ spanBudget: 0, folded: 4, held: 0 });
  });

  it('of four stays four spans, in their order', () => {
    const { world, sink, request, repeat, finish } = start();
    repeat(4, (i) => world.leaf('SELECT', request, { attributes: { i } }));
    expect(finish()).toEqual({ SELECT: 4, 'GET /': 1 });
    expect(sink.spans.map(({ attributes }) => attributes['i'])).toEqual([0, 1, 2, 3, undefined]);
  });

  it('keeps the attributes that all have, and names the others', () => {
    const { world, sink, request, repeat, finish } = start();
    repeat(7, (i) => {
      const attributes = { table: 'stock', sku: `A-${i}`, tags: ['x', 'y'], sizes: [i] };
      world.leaf('SELECT', request, { attributes: i === 6 ? { ...attributes, late: true } : attributes });
    });
    finish();
    expect(sink.spans[0]?.attributes).toMatchObject({
      table: 'stock',
      tags: ['x', 'y'],
      'longpole.folded.varying': ['late', 'sizes', 'sku'],
    });
    expect(sink.spans[0]?.attributes).not.toHaveProperty('sku');
    expect(sink.spans[0]?.attributes).not.toHaveProperty('late');
  });

  it('names no more than so many attributes, however many the spans bring', () => {
    const { world, sink, request, repeat, finish } = start();
    repeat(200, (i) => world.leaf('SELECT', request, { attributes: { [`key ${i}`]: i } }));
    finish();
    expect(sink.spans[0]?.attributes['longpole.folded.varying']).toHaveLength(32);
  });

  it('of spans that overlap reaches from the earliest start to the latest end', () => {
    const { world, sink, request, finish } = start();
    const startMs = world.nowMs;
    const spans: Span[] = [];
    for (let i = 0; i < 6; i += 1) {
      spans.push(world.start('SELECT', request, QUERY));
      world.nowMs += 1;
    }
    for (const span of spans.reverse()) span.end(world.nowMs);
    expect(finish()).toEqual({ SELECT: 1, 'GET /': 1 });
    expect(sink.spans[0]?.startTime).toEqual(hrTime(startMs));
    expect(sink.spans[0]?.duration).toEqual([0, 6e6]);
    expect(sink.spans[0]?.attributes).toMatchObject({
      'longpole.folded.total_ms': 21,
      'longpole.folded.max_ms': 6,
    });
  });

  it('ends when a sibling of another name starts, and is exported then', () => {
    const { world, sink, request, repeat } = start();
    repeat(6, () => world.leaf('SELECT', request));
    expect(sink.spans).toHaveLength(0);
    world.start('other', request);
    expect(accountedFor(sink.spans)).toEqual({ SELECT: 6 });
  });

  it('ends when a sibling of another name ends, or one that cannot be folded', () => {
    const { world, sink, request, repeat } = start();
    const other = world.start('other', request);
    const slow = world.start('SELECT', request);
    repeat(6, () => world.leaf('SELECT', request));
    world.end(other);
    expect(sink.names).toEqual(['SELECT']);
    repeat(6, () => world.leaf('SELECT', request));
    world.end(slow, 50);
    expect(sink.names).toEqual(['SELECT', 'other', 'SELECT', 'SELECT']);
  });

  it('under another parent is another run', () => {
    const { world, request, repeat, finish } = start();
    const parents = [world.start('a', request), world.start('b', request)];
    repeat(12, (i) => {
      const parent = parents[i % 2];
      if (parent !== undefined) world.leaf('SELECT', parent);
    });
    for (const parent of parents) world.end(parent);
    expect(finish()).toEqual({ SELECT: 2, a: 1, b: 1, 'GET /': 1 });
  });

  it('goes on with spans past the budget, which are counted in it then', () => {
    const { world, sink, request, finish } = start(3);
    const spans = Array.from({ length: 20 }, () => world.start('SELECT', request));
    for (const span of spans) world.end(span);
    expect(finish()).toEqual({ SELECT: 1, 'GET /': 1 });
    expect(accountedFor(sink.spans)).toEqual({ SELECT: 20, 'GET /': 1 });
    expect(world.shaper.counts()).toEqual({ spanBudget: 0, folded: 19, held: 0 });
  });

  it('that stays short drops those past the budget', () => {
    const { world, sink, request, finish } = start(3);
    const spans = Array.from({ length: 4 }, () => world.start('SELECT', request));
    for (const span of spans) world.end(span);
    expect(finish()).toEqual({ SELECT: 2, 'GET /': 1 });
    expect(accountedFor(sink.spans)).toEqual({ SELECT: 4, 'GET /': 1 });
  });
});

describe('never folded', () => {
  const cases: [string, StartOptions & { tookMs?: number; before?: (span: Span) => void }][] = [
    ['a span of more than 10 ms', { tookMs: 11 }],
    ['an error', { before: (span) => span.setStatus({ code: 2 }) }],
    ['a span with an event', { before: (span) => span.addEvent('cache miss') }],
    ['a span with a link', { before: (span) => span.addLink({ context: span.spanContext() }) }],
    ['a CLIENT span that is no database call', { kind: SpanKind.CLIENT }],
    ['a PRODUCER span', { kind: SpanKind.PRODUCER }],
    [
      'a database call whose context was sent',
      { ...QUERY, before: (span) => void contextToPropagate(contextOf(span)) },
    ],
  ];

  it.each(cases)('%s', (_, { before, tookMs, ...options }) => {
    const { world, request, repeat, finish } = start();
    repeat(8, () => {
      const span = world.start('step', request, options);
      before?.(span);
      world.end(span, tookMs);
    });
    expect(finish()).toEqual({ step: 8, 'GET /': 1 });
  });

  it('spans with children', () => {
    const { world, request, repeat, finish } = start();
    repeat(8, () => {
      const span = world.start('step', request);
      world.leaf('inner', span);
      world.end(span);
    });
    expect(finish()).toEqual({ step: 8, inner: 8, 'GET /': 1 });
  });

  it('spans after a pause, which is what one would want to see', () => {
    const { world, request, repeat, finish } = start();
    repeat(8, () => {
      world.leaf('step', request);
      world.nowMs += 11;
    });
    expect(finish()).toEqual({ step: 8, 'GET /': 1 });
  });

  it('spans of another kind, status or instrumentation', () => {
    const { world, request, repeat, finish } = start();
    const other = world.provider.getTracer('other');
    repeat(8, (i) => world.leaf('kind', request, i % 2 === 0 ? QUERY : {}));
    repeat(8, (i) => {
      const span = world.start('status', request);
      if (i % 2 === 0) span.setStatus({ code: 1 });
      world.end(span);
    });
    repeat(8, (i) => {
      if (i % 2 === 0) world.leaf('instrumentation', request);
      else world.end(other.startSpan('instrumentation', { startTime: world.nowMs }, contextOf(request)));
    });
    expect(finish()).toEqual({ kind: 8, status: 8, instrumentation: 8, 'GET /': 1 });
  });

  it('children of a parent that has ended', () => {
    const { world, sink, request, repeat } = start();
    const outer = world.start('outer', request);
    world.end(outer);
    repeat(6, () => world.leaf('late', outer));
    expect(sink.named('late')).toHaveLength(6);
  });

  it('anything, when folding is off', () => {
    const world = new Shaped({ foldRuns: false });
    const request = world.request();
    world.leaves(8, () => 'SELECT', request);
    expect(world.sink.spans).toHaveLength(8);
  });
});

describe('something that starts under a span in a run after its end', () => {
  it('finds its parent exported while the run is short', () => {
    const { world, sink, request, repeat, finish } = start();
    const spans: Span[] = [];
    repeat(3, () => spans.push(world.leaf('SELECT', request)));
    const [, second] = spans;
    if (second !== undefined) world.leaf('late', second);
    repeat(4, () => world.leaf('SELECT', request));
    expect(finish()).toEqual({ SELECT: 7, late: 1, 'GET /': 1 });
    expect(sink.named('late')[0]?.parentSpanContext).toBe(second?.spanContext());
    expect(orphans(sink.spans)).toEqual([]);
  });

  it('goes below the folded span once its own parent is part of it', () => {
    const { world, sink, request, repeat, finish } = start();
    const spans: Span[] = [];
    repeat(6, () => spans.push(world.leaf('SELECT', request)));
    const last = spans[5];
    if (last !== undefined) world.leaf('late', last, { kind: SpanKind.CLIENT });
    expect(finish()).toEqual({ SELECT: 1, late: 1, 'GET /': 1 });
    expect(sink.named('late')[0]?.parentSpanContext).toBe(spans[0]?.spanContext());
    expect(orphans(sink.spans)).toEqual([]);
  });
});

function hrTime(epochMs: number): [number, number] {
  return [Math.floor(epochMs / 1000), (epochMs % 1000) * 1e6];
}
