// What holds for the critical path of every trace, however broken: shown on random trees and on huge ones.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { spansOnPath } from '../../src/analysis/path-spans.ts';
import type { SpanLink } from '../../src/trace/span.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';
import { anySpans, tidySpans, toTrace } from './random-trace.ts';
import { slowPath } from './slow-path.ts';

function followsFrom(spanId: string): SpanLink {
  const attributes = { 'opentracing.ref_type': 'follows_from' };
  return { traceId: TRACE_ID, spanId, traceState: '', attributes, droppedAttributesCount: 0, flags: 0 };
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

  test('what each column is spent in is what the definition says, asked one column at a time', () => {
    fc.assert(
      fc.property(tidySpans, (spans) => {
        const { path } = analyzeTrace(toTrace(spans));
        const columns = path.parts.flatMap(({ node, startNs, endNs }) => {
          return Array<string>(Number((endNs - startNs) / 10_000_000n)).fill(node.span.spanId);
        });
        expect(columns).toEqual(slowPath(spans));
      }),
      { numRuns: 1000 },
    );
  });

  test('a span that nobody waited for changes nothing', () => {
    const detached = fc.constantFrom('after response', 'consumer', 'follows', 'outlives');
    fc.assert(
      fc.property(tidySpans, fc.nat(), detached, (spans, place, how) => {
        const parent = spans[place % spans.length] as (typeof spans)[number];
        const added = {
          ...makeSpan({ id: 'added', name: 'added' }),
          parentSpanId: parent.spanId,
          startNs: parent.startNs,
          endNs: how === 'outlives' ? parent.endNs + parent.endNs - parent.startNs : parent.endNs,
          ...(how === 'after response' ? { attributes: { 'longpole.after_response': true } } : {}),
          ...(how === 'consumer' ? { kind: 'CONSUMER' as const, service: 'worker' } : {}),
          links: how === 'follows' ? [followsFrom(parent.spanId)] : [],
        };
        const partsOf = (all: typeof spans) => {
          return analyzeTrace(toTrace(all)).path.parts.map(({ node, kind, startNs, endNs }) => {
            return [node.span.spanId, kind, startNs, endNs];
          });
        };
        expect(partsOf([...spans, added])).toEqual(partsOf(spans));
      }),
      { numRuns: 500 },
    );
  });

  test('a trace three times as long has the same path, three times as long', () => {
    fc.assert(
      fc.property(tidySpans, (spans) => {
        const baseNs = spans[0]?.startNs ?? 0n;
        const longer = spans.map((span) => {
          const times = {
            startNs: baseNs + (span.startNs - baseNs) * 3n,
            endNs: baseNs + (span.endNs - baseNs) * 3n,
          };
          return { ...span, ...times };
        });
        const lengthsOf = (all: typeof spans, factor: bigint) => {
          const { path } = analyzeTrace(toTrace(all));
          return path.parts.map(({ node, startNs, endNs }) => [node.span.spanId, (endNs - startNs) * factor]);
        };
        expect(lengthsOf(longer, 1n)).toEqual(lengthsOf(spans, 3n));
      }),
      { numRuns: 500 },
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
