// What holds for every tree of spans, whatever starts, ends and fails in whatever order.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { ancestors, forAll, pick } from './support/play.ts';
import { accountedFor, orphans, Shaped } from './support/shaped.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const ids = (spans: readonly ReadableSpan[]): Set<string> =>
  new Set(spans.map((span) => span.spanContext().spanId));

describe('for every tree of spans', () => {
  it('no exported span has a parent that is not, and none is exported twice', () => {
    forAll(({ world: { sink } }) => {
      expect(orphans(sink.spans)).toEqual([]);
      expect(ids(sink.spans).size).toBe(sink.spans.length);
    });
  });

  it('whatever was sent to another process is exported', () => {
    forAll(({ world: { sink }, sent }) => {
      const exported = ids(sink.spans);
      expect(sent.filter((id) => !exported.has(id))).toEqual([]);
    });
  });

  it('the counts add up by name and request, and so do those of the processor', () => {
    forAll(({ world: { sink, shaper }, made }) => {
      const expected: Record<string, number> = {};
      for (const { name } of made) expected[name] = (expected[name] ?? 0) + 1;
      expect(accountedFor(sink.spans)).toEqual(expected);
      const { spanBudget, folded, held } = shaper.counts();
      expect({ held, rest: spanBudget + folded }).toEqual({ held: 0, rest: made.length - sink.spans.length });
    });
  });

  it('errors, SERVER, PRODUCER and CONSUMER spans are all there', () => {
    forAll(({ world: { sink }, made }) => {
      const exported = ids(sink.spans);
      const needed = made.filter(({ kind, hasFailed }) => hasFailed || !isDroppable(kind));
      expect(needed.filter(({ span }) => !exported.has(span.spanContext().spanId))).toEqual([]);
    });
  });

  it('no request exports more than its budget of others, while there is a span to take the counts', () => {
    forAll(({ world: { sink }, made, roots }, budget) => {
      const exported = ids(sink.spans);
      const needed = made.filter(({ kind, hasFailed }) => hasFailed || !isDroppable(kind));
      const excepted = new Set([...needed, ...needed.flatMap(ancestors)]);
      for (const root of roots) {
        const ordinary = made.filter(
          (each) =>
            each.request === root.request &&
            exported.has(each.span.spanContext().spanId) &&
            !excepted.has(each) &&
            !each.endedAlone,
        );
        if (budget > 0) expect(ordinary.length).toBeLessThan(budget);
      }
    });
  });

  it('exactly those that start after the response are marked', () => {
    forAll(({ world: { sink }, made }) => {
      const marked = new Set(
        sink.spans
          .filter(({ attributes }) => attributes['longpole.after_response'] === true)
          .map((span) => span.spanContext().spanId),
      );
      const exported = ids(sink.spans);
      for (const { span, kind, isLate } of made) {
        const { spanId } = span.spanContext();
        if (!exported.has(spanId) || isFolded(spanId, sink.spans)) continue;
        expect(marked.has(spanId)).toBe(isLate && kind !== SpanKind.CONSUMER);
      }
    });
  });

  it('spans of one request stay with it', () => {
    forAll(({ world: { sink }, roots }) => {
      for (const span of sink.spans) {
        const root = roots[Number(span.name.split(' ')[0])];
        expect(span.spanContext().traceId).toBe(root?.span.spanContext().traceId);
        const names = (span.attributes['longpole.dropped_span_names'] ?? []) as string[];
        for (const name of names) expect(name.split(' ')[0]).toBe(span.name.split(' ')[0]);
      }
    });
  });
});

describe('for every request without errors and messages', () => {
  it('exactly the spans that started first are exported', () => {
    const steps = fc.array(fc.record({ of: pick, ends: fc.boolean() }), { maxLength: 80, size: 'max' });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (all, spanBudget) => {
        const world = new Shaped({ spanBudget, foldRuns: false });
        const open = [world.request()];
        const started = [...open];
        for (const { of, ends } of all) {
          const at = of % open.length;
          if (ends && at > 0) for (const span of open.splice(at, 1)) world.end(span);
          else {
            const child = world.start(`step ${started.length}`, open[at]);
            open.push(child);
            started.push(child);
          }
        }
        for (const span of open.reverse()) world.end(span);
        const first = started.slice(0, spanBudget).map((span) => span.spanContext().spanId);
        expect([...ids(world.sink.spans)].sort()).toEqual(first.sort());
      }),
    );
  });
});

function isDroppable(kind: SpanKind): boolean {
  return kind === SpanKind.INTERNAL || kind === SpanKind.CLIENT;
}

/** A folded span has the mark only if all have it that it stands for. */
function isFolded(spanId: string, spans: readonly ReadableSpan[]): boolean {
  const span = spans.find((each) => each.spanContext().spanId === spanId);
  return span?.attributes['longpole.folded.count'] !== undefined;
}
