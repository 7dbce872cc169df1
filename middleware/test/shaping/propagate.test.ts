// What other processes get to see as parent is exported from here.

import { afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Span, TextMapPropagator } from '@opentelemetry/api';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { W3CPropagator } from '../../src/propagation/index.ts';
import { contextToPropagate, KeptSpanPropagator } from '../../src/shaping/index.ts';
import { contextOf, Shaped } from './support/shaped.ts';

const sentFor = (span: Span): string | undefined =>
  trace.getSpanContext(contextToPropagate(contextOf(span)))?.spanId;

afterEach(() => propagation.disable());

describe('contextToPropagate', () => {
  it('is the context itself while there is room', () => {
    const world = new Shaped();
    const context = contextOf(world.start('call', world.request()));
    expect(contextToPropagate(context)).toBe(context);
  });

  it('is the context itself without a span, and for a span of another process', () => {
    const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, isRemote: true };
    const contexts = [ROOT_CONTEXT, trace.setSpanContext(ROOT_CONTEXT, remote)];
    for (const context of contexts) expect(contextToPropagate(context)).toBe(context);
  });

  it('has the nearest exported ancestor of a span past the budget, and keeps everything else', () => {
    const world = new Shaped({ spanBudget: 2 });
    const kept = world.start('kept', world.request());
    const inner = world.start('inner', world.start('outer', kept));
    const key = Symbol('baggage');
    const context = contextToPropagate(contextOf(inner).setValue(key, 1));
    expect(trace.getSpanContext(context)).toBe(kept.spanContext());
    expect(context.getValue(key)).toBe(1);
  });

  it('has a span past the budget itself once that is sure to be exported', () => {
    const world = new Shaped({ spanBudget: 1 });
    const outer = world.start('outer', world.request());
    expect(sentFor(outer)).not.toBe(outer.spanContext().spanId);
    world.fail(world.start('failing', outer));
    expect(sentFor(outer)).toBe(outer.spanContext().spanId);
  });

  it('knows a span by its context, in whatever it is wrapped', () => {
    const world = new Shaped({ spanBudget: 1 });
    const request = world.request();
    const over = world.start('over', request);
    const wrapped = trace.setSpanContext(ROOT_CONTEXT, over.spanContext());
    expect(trace.getSpanContext(contextToPropagate(wrapped))).toBe(request.spanContext());
    const below = world.tracer.startSpan('below', {}, wrapped);
    expect(sentFor(below)).toBe(request.spanContext().spanId);
  });

  it('lets a span that waits in a run out of it', () => {
    const world = new Shaped();
    const request = world.request();
    const [first] = world.leaves(3, () => 'SELECT', request);
    if (first !== undefined) expect(sentFor(first)).toBe(first.spanContext().spanId);
    expect(world.sink.named('SELECT')).toHaveLength(3);
  });

  it('has the folded span for those that are part of it', () => {
    const world = new Shaped();
    const request = world.request();
    const spans = world.leaves(7, () => 'SELECT', request);
    expect(spans.map(sentFor)).toEqual(spans.map(() => spans[0]?.spanContext().spanId));
  });
});

describe('the propagator', () => {
  it('sends only exported spans, whoever injects', () => {
    propagation.setGlobalPropagator(new KeptSpanPropagator(new W3CPropagator()));
    const world = new Shaped({ spanBudget: 1 });
    const request = world.request();
    const carrier: Record<string, string> = {};
    propagation.inject(contextOf(world.start('call', request)), carrier, defaultTextMapSetter);
    expect(carrier['traceparent']).toContain(request.spanContext().spanId);
    expect(propagation.fields()).toEqual(new W3CPropagator().fields());
    const extracted = propagation.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
    expect(trace.getSpanContext(extracted)?.spanId).toBe(request.spanContext().spanId);
  });

  it('injects the context as it is when something about its span is broken', () => {
    const seen: Context[] = [];
    const inner: TextMapPropagator = {
      inject: (context) => void seen.push(context),
      extract: (context) => context,
      fields: () => [],
    };
    const broken = trace.setSpan(ROOT_CONTEXT, { spanContext: () => 7 } as unknown as Span);
    new KeptSpanPropagator(inner).inject(broken, {}, defaultTextMapSetter);
    expect(seen).toEqual([broken]);
  });
});
