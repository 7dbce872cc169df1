// Errors are exported whatever the budget says, and never without a parent.

import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { setSpanBudget } from '../../src/shaping/index.ts';
import { orphans, Shaped } from './support/shaped.ts';

const parentName = (span: ReadableSpan | undefined, spans: readonly ReadableSpan[]): string | undefined =>
  spans.find((each) => each.spanContext().spanId === span?.parentSpanContext?.spanId)?.name;

describe('errors past the budget', () => {
  it('are exported, with the spans above them, by status or by exception', () => {
    const { sink, request, world } = start(1);
    const outer = world.start('outer', request);
    const byStatus = world.start('by status', outer);
    world.leaf('below', byStatus);
    world.fail(byStatus);
    const byException = world.start('by exception', outer);
    byException.recordException(new Error('no'));
    world.end(byException);
    world.leaf('fine', outer);
    for (const span of [outer, request]) world.end(span);
    expect(sink.names).toEqual(['by status', 'by exception', 'outer', 'GET /']);
    expect(sink.named('by status')[0]?.attributes).toMatchObject({ 'longpole.dropped_spans': 1 });
    expect(sink.named('outer')[0]?.attributes).toMatchObject({ 'longpole.dropped_span_names': ['fine'] });
    expect(orphans(sink.spans)).toEqual([]);
  });

  it('move up when the span above them is gone already', () => {
    const { sink, request, world } = start(2);
    const kept = world.start('kept', request);
    const outer = world.start('outer', kept);
    const failing = world.start('failing', outer);
    world.end(outer);
    world.fail(failing);
    for (const span of [kept, request]) world.end(span);
    expect(sink.names).toEqual(['failing', 'kept', 'GET /']);
    expect(parentName(sink.spans[0], sink.spans)).toBe('kept');
    expect(sink.spans[0]?.spanContext()).toEqual(failing.spanContext());
    expect(sink.spans[0]?.status).toEqual({ code: 2 });
  });

  it('below a dropped span that had ended before they started move up too', () => {
    const { sink, request, world } = start(1);
    const gone = world.leaf('gone', request);
    const late = world.start('late', gone);
    world.leaf('below', late);
    world.fail(late);
    world.leaf('sent', gone, { kind: SpanKind.PRODUCER });
    world.end(request);
    expect(sink.names).toEqual(['late', 'sent', 'GET /']);
    expect(parentName(sink.spans[0], sink.spans)).toBe('GET /');
    expect(parentName(sink.spans[1], sink.spans)).toBe('GET /');
  });

  it('leave a dropped span alone that is not above them', () => {
    const { sink, request, world } = start(1);
    const open = world.start('open', request);
    const late = world.start('late', world.leaf('gone', open));
    world.fail(late);
    for (const span of [open, request]) world.end(span);
    expect(sink.names).toEqual(['late', 'GET /']);
    expect(parentName(sink.spans[0], sink.spans)).toBe('GET /');
  });

  it('use up room, with the spans above them', () => {
    const { sink, request, world } = start(1);
    const outer = world.start('outer', request);
    world.fail(world.start('failing', outer));
    setSpanBudget(request, 3);
    world.leaf('step', request);
    setSpanBudget(request, 4);
    world.leaf('next step', request);
    expect(sink.names).toEqual(['failing']);
    for (const span of [outer, request]) world.end(span);
    expect(sink.names).toEqual(['failing', 'next step', 'outer', 'GET /']);
  });

  it('need no room: thousands of them are all there', () => {
    const { sink, request, world } = start(10);
    for (let i = 0; i < 3000; i += 1) world.fail(world.start('failing', request));
    world.end(request);
    expect(sink.named('failing')).toHaveLength(3000);
  });
});

function start(spanBudget: number) {
  const world = new Shaped({ spanBudget });
  return { world, sink: world.sink, request: world.request() };
}
