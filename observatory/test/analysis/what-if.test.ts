// What a trace would have been with a change: the replay, by shapes and for any trace.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeTrace, type TraceAnalysis } from '../../src/analysis/analyze-trace.ts';
import { type Change, whatIf } from '../../src/analysis/what-if.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';
import { analyze } from './draw-path.ts';
import { anySpans, tidySpans, toTrace } from './random-trace.ts';

function msAfter(picture: string, change: Change): number {
  return Number(whatIf(analyze(picture), change).afterNs) / 1e6;
}

function scale(operation: string, factor: number): Change {
  return { kind: 'scale', match: { operation }, factor };
}

describe('the checkout', () => {
  const picture = `
    gateway POST /api/checkout           |=================================|
      gateway POST [client]              | ==========================      |
        payment POST /charges [server]   | ==========================      |
          payment authorize              |  ========================       |
      gateway POST [client]              |                            ==== |
        notify POST /receipts [server]   |                            ==== |
  `;

  test('payment 25 times as fast: notify is next', () => {
    const answer = whatIf(analyze(picture), scale('authorize', 0.04));
    expect([answer.beforeNs, answer.afterNs]).toEqual([330_000_000n, 99_600_000n]);
    expect(answer.bottleneck).toMatchObject({ service: 'notify', operation: 'POST /receipts' });
    expect(answer.sentence).toBe(
      'With authorize taking 4 % of its time, POST /api/checkout takes 100 ms instead of 330 ms (70 % less); ' +
        'then notify · POST /receipts holds it up: 40 ms (40 %)',
    );
  });

  test('without payment: its call goes with it, the stretch after it stays', () => {
    const answer = whatIf(analyze(picture), { kind: 'remove', match: { service: 'payment' } });
    expect(answer.changed.map((node) => node.span.name)).toEqual(['POST']);
    expect(Number(answer.afterNs) / 1e6).toBe(70);
  });
});

describe('the replay', () => {
  test('halving one of two side by side: the other one decides', () => {
    const picture = `
      a root   |==========|
        a one  |========  |
        a two  |======    |
    `;
    expect(msAfter(picture, scale('one', 0.5))).toBe(80);
    expect(msAfter(picture, scale('two', 0.5))).toBe(100);
  });

  test('what came after keeps its distance, however much faster', () => {
    const picture = `
      a root   |============|
        a one  | ====       |
        a two  |      ===   |
    `;
    expect(msAfter(picture, scale('one', 0))).toBe(80);
    expect(msAfter(picture, { kind: 'remove', match: { operation: 'one' } })).toBe(80);
    expect(msAfter(picture, scale('one', 2))).toBe(160);
  });

  test('what started while it ran does not wait for it', () => {
    const picture = `
      a root   |==========|
        a one  | =====    |
        a two  |   ====== |
    `;
    expect(msAfter(picture, scale('one', 0))).toBe(100);
  });

  test('one after the other, side by side: what lay between stays, what followed moves up', () => {
    const picture = `
      a root    |=================|
        a load  | ===             |
        a load  |     ===         |
        a load  |         ====    |
        a after |              == |
    `;
    expect(msAfter(picture, { kind: 'parallel', match: { operation: 'load' } })).toBe(110);
  });

  test('calls to one service side by side, by the name of their answers', () => {
    const picture = `
      a root             |===========|
        a GET [client]   |=====      |
          b get [server] | ===       |
        a GET [client]   |      =====|
          b get [server] |       === |
    `;
    expect(msAfter(picture, { kind: 'parallel', match: { service: 'b', operation: 'get' } })).toBe(60);
  });

  test('a run of folded spans side by side takes as long as its longest', () => {
    const attributes = {
      'longpole.folded.count': 40n,
      'longpole.folded.total_ms': 380,
      'longpole.folded.max_ms': 12,
    };
    const spans = [
      makeSpan({ id: 'r', name: 'root', endMs: 500 }),
      makeSpan({ id: 'q', parent: 'r', name: 'query', startMs: 100, endMs: 500, attributes }),
    ];
    const analysis = analyzeTrace({ traceId: TRACE_ID, spans });
    expect(analysis.sentence).toBe('service · query holds up root: 400 ms of 500 ms (80 %) in 40 calls');
    const { afterNs } = whatIf(analysis, { kind: 'parallel', match: { operation: 'query' } });
    expect(Number(afterNs) / 1e6).toBe(100 + 20 + 12);
  });

  test('a call that gave up still gives up after the same time, unless the answer comes sooner', () => {
    const picture = `
      a root                |==========          |
        a GET [client error]|========            |
          b slow [server]   |  ==================|
    `;
    expect(msAfter(picture, scale('slow', 0.5))).toBe(100);
    expect(msAfter(picture, scale('slow', 0.2))).toBe(76);
    expect(msAfter(picture, scale('slow', 2))).toBe(100);
  });

  test('a span of which the parent saw only the first half does not wait for itself', () => {
    const spans = [
      makeSpan({ id: 'r', name: 'root', endMs: 2 }),
      makeSpan({ id: 'q', parent: 'r', name: 'query', startMs: 1, endMs: 3 }),
    ];
    const analysis = analyzeTrace({ traceId: TRACE_ID, spans });
    expect(Number(whatIf(analysis, scale('query', 0.5)).afterNs) / 1e6).toBe(2);
    expect(Number(whatIf(analysis, scale('query', 2)).afterNs) / 1e6).toBe(4);
  });

  test('work in the background decides nothing', () => {
    const picture = `
      a root   |=====       |
        a mail |  ==========|
    `;
    expect(msAfter(picture, { kind: 'remove', match: { operation: 'mail' } })).toBe(50);
  });
});

test('a difference too small for the words is said itself', () => {
  const spans = [
    makeSpan({ id: 'r', name: 'root', endMs: 3000 }),
    makeSpan({ id: 'q', parent: 'r', name: 'query', startMs: 2999.8, endMs: 3000 }),
  ];
  const change: Change = { kind: 'remove', match: { operation: 'query' } };
  expect(whatIf(analyzeTrace({ traceId: TRACE_ID, spans }), change).sentence).toBe(
    'Without query, root takes 200 µs less than 3 000 ms; then service · root holds it up: 3 000 ms (100 %)',
  );
});

describe('a change that is none', () => {
  const analysis = analyze('a root |===|');

  test('a span that is not there is said', () => {
    const { sentence, changed } = whatIf(analysis, {
      kind: 'remove',
      match: { service: 'b', operation: 'x' },
    });
    expect(changed).toEqual([]);
    expect(sentence).toBe('No span of the trace is b · x: nothing changes.');
  });

  test.each([
    [{ kind: 'remove', match: {} }, 'whatIf: the match is empty; name a service, an operation, or both.'],
    [
      scale('root', -1),
      'whatIf: factor -1 is not a number from 0 on; 0.5 takes half as long, 2 twice as long.',
    ],
    [
      { ...scale('root', 1), kind: 'halve' } as unknown as Change,
      'whatIf: halve is no kind of change; there are scale, remove, parallel.',
    ],
  ] as [Change, string][])('%j is refused', (change, message) => {
    expect(() => whatIf(analysis, change)).toThrow(message);
  });
});

const names = fc.constantFrom('load', 'check', 'charge', 'send', 'work');
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('scale' as const),
    match: fc.record({ operation: names }),
    factor: fc.double({ min: 0, max: 3, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('remove' as const), match: fc.record({ operation: names }) }),
  fc.record({
    kind: fc.constant('parallel' as const),
    match: fc.record({ service: fc.constantFrom('one', 'two') }),
  }),
);

function timesOf({ path, timeline }: Pick<TraceAnalysis, 'path' | 'timeline'>): unknown {
  const parts = path.parts.map(({ node, kind, startNs, endNs }) => [node.index, kind, startNs, endNs]);
  return { parts, starts: timeline.starts, ends: timeline.ends };
}

describe('for any trace', () => {
  test('a change of nothing gives the same trace', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const analysis = analyzeTrace(toTrace(spans));
        const same = whatIf(analysis, { kind: 'scale', match: { operation: 'work' }, factor: 1 });
        expect(timesOf(same)).toEqual(timesOf(analysis));
      }),
      { numRuns: 500 },
    );
  });

  test('the parts of the new path add up, in order, within their spans', () => {
    fc.assert(
      fc.property(fc.oneof(anySpans, tidySpans), anyChange, (spans, change) => {
        const { path, timeline, afterNs } = whatIf(analyzeTrace(toTrace(spans)), change);
        let cursor = path.startNs;
        for (const { node, startNs, endNs } of path.parts) {
          expect(startNs).toBe(cursor);
          expect(endNs).toBeGreaterThan(startNs);
          expect(startNs).toBeGreaterThanOrEqual(timeline.starts[node.index]!);
          expect(endNs).toBeLessThanOrEqual(timeline.ends[node.index]!);
          cursor = endNs;
        }
        expect(cursor).toBe(path.startNs + afterNs);
      }),
      { numRuns: 1000 },
    );
  });

  test('the faster, the sooner: a smaller factor never takes longer', () => {
    const factor = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.oneof(anySpans, tidySpans), names, factor, factor, (spans, operation, a, b) => {
        const analysis = analyzeTrace(toTrace(spans));
        const [faster, slower] = [Math.min(a, b), Math.max(a, b)].map((one) => {
          return whatIf(analysis, scale(operation, one)).afterNs;
        });
        expect(faster).toBeLessThanOrEqual(slower as bigint);
      }),
      { numRuns: 500 },
    );
  });

  test('removing and starting side by side never take longer', () => {
    fc.assert(
      fc.property(fc.oneof(anySpans, tidySpans), anyChange, (spans, change) => {
        if (change.kind === 'scale') return;
        const { beforeNs, afterNs } = whatIf(analyzeTrace(toTrace(spans)), change);
        expect(afterNs).toBeLessThanOrEqual(beforeNs);
      }),
      { numRuns: 500 },
    );
  });

  test('it takes at least as long as the longest span that was neither changed nor waits for one that was', () => {
    fc.assert(
      fc.property(tidySpans, anyChange, (spans, change) => {
        const analysis = analyzeTrace(toTrace(spans));
        const { changed, afterNs } = whatIf(analysis, change);
        const touched = new Set<unknown>();
        for (const node of changed) {
          for (let up: typeof node | undefined = node; up !== undefined; up = up.parent) touched.add(up);
        }
        const isBelow = (node: (typeof changed)[number]): boolean => {
          for (let up: typeof node | undefined = node; up !== undefined; up = up.parent) {
            if (changed.includes(up)) return true;
          }
          return false;
        };
        for (const node of analysis.tree.nodes) {
          if (touched.has(node) || isBelow(node)) continue;
          expect(afterNs).toBeGreaterThanOrEqual(node.span.endNs - node.span.startNs);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a span that is not on the path can be removed without any change', () => {
    fc.assert(
      fc.property(fc.oneof(anySpans, tidySpans), fc.nat(), (spans, place) => {
        if (spans.length === 0) return;
        const named = spans.map((span, i) => ({ ...span, name: `span ${i}` }));
        const analysis = analyzeTrace(toTrace(named));
        const onPath = new Set<unknown>();
        for (const part of analysis.path.parts) {
          for (let up: typeof part.node | undefined = part.node; up !== undefined; up = up.parent)
            onPath.add(up);
        }
        const beside = analysis.tree.nodes.filter((node) => {
          return !onPath.has(node) && !(node.parent?.span.kind === 'CLIENT' && onPath.has(node.parent));
        });
        const node = beside[place % Math.max(1, beside.length)];
        if (node === undefined) return;
        const answer = whatIf(analysis, { kind: 'remove', match: { operation: node.span.name } });
        expect(answer.afterNs).toBe(answer.beforeNs);
      }),
      { numRuns: 1000 },
    );
  });

  test('the analysis is not changed', () => {
    fc.assert(
      fc.property(anySpans, anyChange, (spans, change) => {
        const analysis = analyzeTrace(toTrace(spans));
        const before = timesOf(analysis);
        whatIf(analysis, change);
        expect(timesOf(analysis)).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});
