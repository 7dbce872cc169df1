// What holds for the critical path of every trace, however broken: shown on random trees and on huge ones.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { spansOnPath } from '../../src/analysis/path-spans.ts';
import type { Span, SpanKind, Trace } from '../../src/trace/span.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';

const KINDS: SpanKind[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER', 'UNSPECIFIED'];

/** Random spans on random parents: nested, side by side, overlapping, overflowing, skewed, orphaned, in circles. */
const anySpans = fc
  .array(
    fc.record({
      parent: fc.oneof(
        { weight: 8, arbitrary: fc.nat(40) },
        { weight: 1, arbitrary: fc.constantFrom(-1, -2) },
      ),
      startMs: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true })),
      lengthMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -3, max: 60 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
      ),
      skewMs: fc.oneof(
        { weight: 5, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -500, max: 500 }) },
      ),
      service: fc.constantFrom('one', 'two', 'three'),
      kind: fc.constantFrom(...KINDS),
      failed: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((parts) => {
    return parts.map(({ parent, startMs, lengthMs, skewMs, service, kind, failed }, i): Span => {
      const parentId = parent === -1 ? '' : parent === -2 ? 'gone' : `n${parent % parts.length}`;
      const start = 1000 + startMs + skewMs;
      return makeSpan({
        id: `n${i}`,
        parent: i === 0 ? '' : parentId,
        startMs: start,
        endMs: start + lengthMs,
        service,
        kind,
        status: { code: failed ? 'ERROR' : 'UNSET', message: '' },
      });
    });
  });

function toTrace(spans: Span[]): Trace {
  return { traceId: TRACE_ID, spans };
}

describe('any trace', () => {
  test('each nanosecond of the root belongs to one span: the parts follow each other and add up', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { path, groups } = analyzeTrace(toTrace(spans));
        let cursor = path.startNs;
        for (const part of path.parts) {
          expect(part.startNs).toBe(cursor);
          expect(part.endNs).toBeGreaterThan(part.startNs);
          cursor = part.endNs;
        }
        expect(cursor).toBe(path.startNs + path.durationNs);
        const sums = [spansOnPath(path), groups].map((list) =>
          list.reduce((sum, one) => sum + one.selfNs, 0n),
        );
        expect(sums).toEqual([path.durationNs, path.durationNs]);
      }),
      { numRuns: 1000 },
    );
  });

  test('a part lies within the span it belongs to, and that span below the root', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { path, timeline } = analyzeTrace(toTrace(spans));
        for (const { node, startNs, endNs } of path.parts) {
          expect(startNs).toBeGreaterThanOrEqual(timeline.starts[node.index]!);
          expect(endNs).toBeLessThanOrEqual(timeline.ends[node.index]!);
          let top = node;
          while (top.parent !== undefined) top = top.parent;
          expect(top).toBe(path.root);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the order in which spans arrive does not change the verdict', () => {
    fc.assert(
      fc.property(anySpans, fc.infiniteStream(fc.nat()), (spans, keys) => {
        const shuffled = spans
          .map((span) => ({ span, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ span }) => span);
        expect(analyzeTrace(toTrace(shuffled)).sentence).toBe(analyzeTrace(toTrace(spans)).sentence);
      }),
      { numRuns: 300 },
    );
  });

  test('the trace is not changed', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const before = structuredClone(spans);
        analyzeTrace(toTrace(spans));
        expect(spans).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a huge trace', () => {
  test('10 000 deep: the leaf is reached without recursion', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      return makeSpan({
        id: `n${i}`,
        parent: i === 0 ? '' : `n${i - 1}`,
        name: `at ${i}`,
        startMs: i,
        endMs: 30_000 - i,
      });
    });
    const { path, sentence } = analyzeTrace(toTrace(spans));
    expect(spansOnPath(path)).toHaveLength(10_000);
    expect(sentence).toBe('service · at 9999 holds up at 0: 10 002 ms of 30 000 ms (33 %)');
  });

  test('100 000 spans, one after the other and below each other', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => {
      const branch = Math.floor(i / 100) * 100;
      const startMs = branch * 100 + (i - branch);
      return makeSpan({
        id: `n${i}`,
        parent: i === branch ? 'r' : `n${i - 1}`,
        name: 'step',
        startMs,
        endMs: startMs + 200,
      });
    });
    const root = makeSpan({ id: 'r', name: 'root', endMs: 10_000_000 });
    const { path } = analyzeTrace(toTrace([...spans, root]));
    const total = path.parts.reduce((sum, part) => sum + part.endNs - part.startNs, 0n);
    expect(total).toBe(10_000_000n * 1_000_000n);
  });
});
