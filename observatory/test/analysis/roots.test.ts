// Traces with several roots: each has a path of its own, and any span can be looked at as if it were the root.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeRoot, analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { analyze } from './draw-path.ts';
import { anySpans, toTrace } from './random-trace.ts';

const picture = `
  gateway GET /orders      |==============      |
    gateway render         |   ==========       |
  payment POST /charges    |  ========          |
    payment authorize      |   ======           |
  notify stray [parent=zz] |               ===  |
`;

test('the longest root is the trace’s; each other one has its own verdict', () => {
  const analysis = analyze(picture);
  const [main, ...others] = analysis.tree.roots;
  expect(main).toBe(analysis.path.root);
  expect(analysis.sentence).toBe('gateway · render holds up GET /orders: 100 ms of 140 ms (71 %)');
  expect(others.map((root) => analyzeRoot(analysis, root).sentence)).toEqual([
    'payment · authorize holds up POST /charges: 60 ms of 80 ms (75 %)',
    'notify · stray took 30 ms, all of it its own work (100 %)',
  ]);
});

test('a call alone, as if it were the root', () => {
  const analysis = analyze(picture);
  const render = analysis.tree.nodes.find((node) => node.span.name === 'render');
  expect(render && analyzeRoot(analysis, render).path.durationNs).toBe(100_000_000n);
});

test('the parts add up below every span of any trace', () => {
  fc.assert(
    fc.property(anySpans, (spans) => {
      const analysis = analyzeTrace(toTrace(spans));
      for (const node of analysis.tree.nodes) {
        const { path, groups } = analyzeRoot(analysis, node);
        const parts = path.parts.reduce((sum, part) => sum + part.endNs - part.startNs, 0n);
        const inGroups = groups.reduce((sum, group) => sum + group.selfNs, 0n);
        const duration =
          (analysis.timeline.ends[node.index] ?? 0n) - (analysis.timeline.starts[node.index] ?? 0n);
        expect([parts, inGroups, path.durationNs]).toEqual([duration, duration, duration]);
      }
    }),
    { numRuns: 200 },
  );
});

test('times before 1970 or hundreds of days apart add up to the nanosecond', () => {
  const years = 365n * 86_400n * 1_000_000_000n;
  const spans = toTrace([]).spans.concat(
    analyze(picture)
      .tree.nodes.slice(0, 2)
      .map(({ span }, i) => ({
        ...span,
        startNs: i === 0 ? 1n : 3n * years + 7n,
        endNs: i === 0 ? 40n * years + 123n : 39n * years + 11n,
      })),
  );
  const { path, groups } = analyzeTrace(toTrace(spans));
  expect(path.durationNs).toBe(40n * years + 122n);
  expect(groups.map((group) => group.selfNs)).toEqual([36n * years + 4n, 4n * years + 118n]);
});
