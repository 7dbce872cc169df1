// The span budget: what is exported of a request with more spans than that, and what is told of the rest.

import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { setSpanBudget } from '../../src/shaping/index.ts';
import { accountedFor, droppedBelow, orphans, Shaped } from './support/shaped.ts';

describe('past the budget', () => {
  it('the spans that started first are exported, the others counted on their parent', () => {
    const { sink, ...shaped } = start(4);
    const { request, world } = shaped;
    world.leaves(6, (i) => `step ${i}`, request);
    world.end(request);
    expect(sink.names).toEqual(['step 0', 'step 1', 'step 2', 'GET /']);
    expect(sink.named('GET /')[0]?.attributes).toMatchObject({
      'longpole.dropped_spans': 3,
      'longpole.dropped_span_names': ['step 3', 'step 4', 'step 5'],
      'longpole.dropped_span_counts': [1, 1, 1],
    });
  });

  it('nothing is said where nothing is dropped', () => {
    const { sink, request, world } = start(4);
    world.leaves(3, (i) => `step ${i}`, request);
    world.end(request);
    expect(sink.named('GET /')[0]?.attributes).toEqual({});
  });

  it('CLIENT spans are dropped like INTERNAL ones; PRODUCER, CONSUMER and SERVER spans never', () => {
    const { sink, request, world } = start(1);
    for (const kind of [SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER])
      world.leaf(SpanKind[kind], request, { kind });
    world.leaf('SERVER', request, { kind: SpanKind.SERVER });
    world.end(request);
    expect(sink.names).toEqual(['PRODUCER', 'CONSUMER', 'SERVER', 'GET /']);
  });

  it('a PRODUCER span takes the dropped spans above it along', () => {
    const { sink, request, world } = start(1);
    const outer = world.start('outer', request);
    const inner = world.start('inner', outer);
    world.leaf('send', inner, { kind: SpanKind.PRODUCER });
    for (const span of [inner, outer, request]) world.end(span);
    expect(sink.names).toEqual(['send', 'inner', 'outer', 'GET /']);
    expect(orphans(sink.spans)).toEqual([]);
  });

  it('the count lands on the nearest exported ancestor', () => {
    const { sink, request, world } = start(2);
    const near = world.start('near', request);
    const dropped = world.start('dropped', near);
    world.leaf('below', dropped);
    for (const span of [dropped, near, request]) world.end(span);
    expect(sink.names).toEqual(['near', 'GET /']);
    expect(droppedBelow(sink.spans[0]?.attributes ?? {})).toEqual([
      ['dropped', 1],
      ['below', 1],
    ]);
    expect(sink.spans[1]?.attributes).toEqual({});
  });

  it('eleven names and more end in "(other)", the most frequent names come first', () => {
    const { sink, request, world } = start(1);
    world.leaves(30, (i) => `name ${i % 15}`, request);
    world.leaves(5, () => 'name 9', request);
    world.end(request);
    const dropped = droppedBelow(sink.spans[0]?.attributes ?? {});
    expect(dropped).toHaveLength(11);
    expect(dropped[0]).toEqual(['name 9', 7]);
    expect(dropped.at(-1)).toEqual(['(other)', 10]);
  });

  it('"(other)" is passed on with the rest when its span is dropped itself', () => {
    const { sink, request, world } = start(1);
    const dropped = world.start('dropped', request);
    world.leaves(14, (i) => `name ${i}`, dropped);
    world.end(dropped);
    world.end(request);
    const counted = droppedBelow(sink.spans[0]?.attributes ?? {});
    expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBe(15);
    expect(counted.at(-1)).toEqual(['(other)', 5]);
  });

  it('the counts survive the limit for the number of attributes', () => {
    const world = new Shaped({ spanBudget: 1, spanLimits: { attributeCountLimit: 1 } });
    const request = world.request();
    request.setAttribute('the only one', 1);
    world.leaf('step', request);
    world.end(request);
    expect(world.sink.spans[0]?.attributes).toMatchObject({
      'the only one': 1,
      'longpole.dropped_spans': 1,
      'longpole.dropped_span_names': ['step'],
    });
  });
});

describe('when no span is open any more', () => {
  it('one of the spans past the budget is exported after all, with the count of the others', () => {
    const { sink, request, world } = start(1);
    world.end(request);
    world.leaves(100, (i) => `late ${i % 2}`, request);
    expect(sink.names).toEqual(['GET /']);
    expect(world.shaper.counts()).toEqual({ spanBudget: 99, folded: 0, held: 1 });
    world.shaper.releaseHeld();
    expect(sink.names).toEqual(['GET /', 'late 0']);
    expect(accountedFor(sink.spans)).toEqual({ 'GET /': 1, 'late 0': 50, 'late 1': 50 });
    expect(orphans(sink.spans)).toEqual([]);
  });

  it('a span that was open at the end of the request carries what is dropped below it', () => {
    const { sink, request, world } = start(1);
    const open = world.start('open', request);
    world.leaf('below', open);
    world.end(request);
    world.leaf('below', open);
    world.end(open);
    world.leaf('below', open);
    world.shaper.releaseHeld();
    expect(sink.names).toEqual(['GET /', 'open']);
    expect(accountedFor(sink.spans)).toEqual({ 'GET /': 1, open: 1, below: 3 });
  });
});

describe('how large it is', () => {
  it('0 is no limit', () => {
    const world = new Shaped({ spanBudget: 0, foldRuns: false });
    const request = world.request();
    world.leaves(1000, () => 'step', request);
    world.end(request);
    expect(world.sink.spans).toHaveLength(1001);
  });

  it('a request can be given its own', () => {
    const { sink, request, world } = start(2);
    const other = world.request('GET /other');
    setSpanBudget(request, 4);
    for (const parent of [request, other]) world.leaves(5, (i) => `step ${i}`, parent);
    for (const span of [request, other]) world.end(span);
    const of = (span: typeof request): number =>
      sink.spans.filter((each) => each.spanContext().traceId === span.spanContext().traceId).length;
    expect([of(request), of(other)]).toEqual([4, 2]);
  });

  it('every local root has its own: requests, messages, and roots of other kinds', () => {
    const world = new Shaped({ spanBudget: 2 });
    const kinds = [SpanKind.SERVER, SpanKind.CONSUMER, SpanKind.INTERNAL, SpanKind.CLIENT];
    const roots = kinds.map((kind) => world.start(SpanKind[kind], undefined, { kind }));
    for (const root of roots) world.leaves(4, (i) => `step ${i}`, root);
    for (const root of roots) world.end(root);
    for (const root of world.sink.spans.filter(({ parentSpanContext }) => parentSpanContext === undefined))
      expect(root.attributes['longpole.dropped_spans']).toBe(3);
    expect(world.sink.spans).toHaveLength(8);
  });

  it('room that folding gives back is not for spans below one that is over the budget', () => {
    const { sink, request, world } = start(6);
    const selects = Array.from({ length: 5 }, () => world.start('SELECT', request));
    const over = world.start('over', request);
    for (const span of selects) world.end(span);
    world.leaf('below', over);
    world.leaf('step', request);
    for (const span of [over, request]) world.end(span);
    expect(sink.names).toEqual(['SELECT', 'step', 'GET /']);
    expect(accountedFor(sink.spans)).toEqual({ SELECT: 5, step: 1, over: 1, below: 1, 'GET /': 1 });
  });

  it('folding gives room back', () => {
    const { sink, request, world } = start(8);
    world.leaves(500, () => 'SELECT', request);
    world.leaves(6, (i) => `step ${i}`, request);
    world.end(request);
    expect(sink.names).toEqual([
      'SELECT',
      'step 0',
      'step 1',
      'step 2',
      'step 3',
      'step 4',
      'step 5',
      'GET /',
    ]);
    expect(accountedFor(sink.spans)['SELECT']).toBe(500);
  });
});

function start(spanBudget: number) {
  const world = new Shaped({ spanBudget });
  return { world, sink: world.sink, request: world.request() };
}
