// The tree of a trace, whole and broken in every way a trace can be broken.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SpanNode } from '../../src/trace/node.ts';
import type { Span } from '../../src/trace/span.ts';
import { buildTree, type TraceTree } from '../../src/trace/tree.ts';
import { draw, makeSpan, shortId, spanId, TRACE_ID } from './draw.ts';

function outline(tree: TraceTree): string[] {
  return tree.nodes.map((node) => '.'.repeat(node.depth) + shortId(node.span.spanId));
}

function warnings(tree: TraceTree): Record<string, string[]> {
  return Object.fromEntries(tree.warnings.map((one) => [one.code, one.spanIds.map(shortId)]));
}

function treeOf(spans: Span[]): TraceTree {
  return buildTree({ traceId: TRACE_ID, spans });
}

describe('a whole trace', () => {
  const checkout = draw(`
    gateway POST /checkout   |==========|
      gateway POST [client]  | ====     |
        auth verify          |  ==      |
      gateway pay            |     ==== |
  `);

  test('children stand under their parents in order of start, whatever the order of arrival', () => {
    const tree = treeOf(checkout.spans.toReversed());
    expect(outline(tree)).toEqual(['a', '.b', '..c', '.d']);
    expect(tree.root?.span.name).toBe('POST /checkout');
    expect(tree.warnings).toEqual([]);
  });

  test('each node knows its place', () => {
    const { nodes } = buildTree(checkout);
    expect(nodes.map((node) => node.index)).toEqual([0, 1, 2, 3]);
    expect(nodes[2]?.parent).toBe(nodes[1]);
  });

  test('the trace is not changed', () => {
    const before = structuredClone(checkout);
    buildTree(checkout);
    expect(checkout).toEqual(before);
  });
});

describe('a broken trace', () => {
  test('no spans: no root, no warning', () => {
    expect(treeOf([])).toEqual({ traceId: TRACE_ID, root: undefined, roots: [], nodes: [], warnings: [] });
  });

  test('orphan: a root of its own beside the trace’s', () => {
    const tree = buildTree(
      draw(`
        gateway GET /           |====  |
        auth verify [parent=zz] |======|
          auth lookup           | ==   |
      `),
    );
    expect(outline(tree)).toEqual(['a', 'b', '.c']);
    expect(tree.root?.span.name).toBe('GET /');
    expect(warnings(tree)).toEqual({ 'missing-parent': ['b'] });
    expect(tree.warnings[0]?.message).toBe('The parent of 1 span is not in the trace: auth · verify.');
  });

  test('orphans only: the longest is taken as the root, and it is said', () => {
    const tree = buildTree(
      draw(`
        auth verify [parent=zz]  |==    |
        payment pay [parent=zz]  |  ====|
      `),
    );
    expect(outline(tree)).toEqual(['b', 'a']);
    expect(warnings(tree)).toEqual({ 'missing-root': ['b'], 'missing-parent': ['a'] });
  });

  test('several roots: the longest is the trace’s, the others are named', () => {
    const tree = buildTree(
      draw(`
        cron tick     |==       |
        gateway GET / | ======  |
        cron tock     |       ==|
      `),
    );
    expect(outline(tree)).toEqual(['b', 'a', 'c']);
    expect(tree.warnings.map((one) => one.message)).toEqual([
      'The trace has several roots: gateway · GET / is the longest and taken, left aside: cron · tick, cron · tock.',
    ]);
  });

  test('parent cycle: cut at its earliest span, with what hangs on it', () => {
    const tree = buildTree(
      draw(`
        gateway GET /               |======|
        a x [id=x parent=z]         | ==== |
        a y [id=y parent=x]         |  ==  |
        a z [id=z parent=y]         |  ==  |
        a leaf [id=l parent=y]      |   =  |
      `),
    );
    expect(outline(tree)).toEqual(['a', 'x', '.y', '..z', '..l']);
    expect(warnings(tree)).toEqual({ 'parent-cycle': ['x'] });
  });

  test('a span that is its own parent is a root', () => {
    const tree = treeOf([makeSpan({ id: 's', parent: 's' })]);
    expect(outline(tree)).toEqual(['s']);
    expect(warnings(tree)).toMatchObject({ 'parent-cycle': ['s'] });
  });

  test('a span that came twice counts once, in the version that ended later', () => {
    const late = makeSpan({ id: 'a', endMs: 5 });
    const tree = treeOf([makeSpan({ id: 'a', endMs: 2 }), late, makeSpan({ id: 'a', endMs: 1 })]);
    expect(tree.nodes.map((node) => node.span)).toEqual([late]);
    expect(tree.warnings[0]?.message).toMatch(/^2 spans came more than once/);
  });

  test('a SERVER span that shares its id with its CLIENT is told apart and stands under it', () => {
    const tree = treeOf([
      makeSpan({ id: 's', parent: 'r', service: 'auth', kind: 'SERVER', startMs: 2, endMs: 8 }),
      makeSpan({ id: 's', parent: 'r', service: 'gateway', kind: 'CLIENT', startMs: 1, endMs: 9 }),
      makeSpan({ id: 'r', service: 'gateway', endMs: 10 }),
      makeSpan({ id: 'k', parent: 's', service: 'auth', startMs: 3, endMs: 4 }),
    ]);
    expect(tree.nodes.map((node) => `${node.depth} ${node.span.service} ${node.span.kind}`)).toEqual([
      '0 gateway INTERNAL',
      '1 gateway CLIENT',
      '2 auth SERVER',
      '3 auth INTERNAL',
    ]);
    expect(tree.warnings).toEqual([]);
  });

  test('a span that ended before it started is said', () => {
    const tree = treeOf([makeSpan({ startMs: 5, endMs: 3 })]);
    expect(warnings(tree)).toEqual({ 'ends-before-start': ['a'] });
  });

  test('a warning names three spans and counts the rest', () => {
    const orphans = ['b', 'c', 'd', 'e', 'f'].map((id) => makeSpan({ id, parent: 'zz', name: id }));
    const tree = treeOf([makeSpan({ endMs: 1 }), ...orphans]);
    expect(tree.warnings[0]?.message).toBe(
      'The parent of 5 spans is not in the trace: service · b, service · c, service · d and 2 more.',
    );
  });
});

describe('a large trace', () => {
  test('10 000 deep is no recursion', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      return makeSpan({ id: `n${i}`, parent: i === 0 ? '' : `n${i - 1}`, startMs: i, endMs: 20_000 - i });
    });
    const tree = treeOf(spans.toReversed());
    expect(tree.nodes.at(-1)?.depth).toBe(9_999);
    expect(tree.warnings).toEqual([]);
  });

  test('a cycle of 10 000 parents is one cycle', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      return makeSpan({ id: `n${i}`, parent: `n${(i + 1) % 10_000}` });
    });
    const tree = treeOf(spans);
    expect(tree.nodes).toHaveLength(10_000);
    expect(tree.warnings.map((one) => one.code)).toEqual(['parent-cycle', 'missing-root']);
  });

  test('100 000 children of one root', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => makeSpan({ id: `n${i}`, parent: 'r', endMs: 1 }));
    expect(treeOf([...spans, makeSpan({ id: 'r', endMs: 1 })]).root?.children).toHaveLength(100_000);
  });
});

describe('any trace', () => {
  const id = fc.constantFrom(...'abcdefghij');
  const anySpan = fc
    .record({
      id,
      parent: fc.oneof(fc.constant(''), id, fc.constant('zz')),
      service: fc.constantFrom('one', 'two'),
      kind: fc.constantFrom('CLIENT', 'SERVER', 'INTERNAL'),
      startMs: fc.nat(20),
      endMs: fc.nat(20),
    })
    .map((part) => makeSpan(part as Parameters<typeof makeSpan>[0]));

  test('every span of every service and kind stands in the tree once, below its parent, each subtree in one piece', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 30 }), (spans) => {
        const tree = treeOf(spans);
        const key = (span: Span) => `${span.spanId} ${span.service} ${span.kind}`;
        expect(new Set(tree.nodes.map((node) => key(node.span)))).toEqual(new Set(spans.map(key)));
        expect(tree.nodes).toHaveLength(new Set(spans.map(key)).size);
        tree.nodes.forEach((node: SpanNode, i) => {
          const before = tree.nodes[i - 1];
          expect(node.index).toBe(i);
          expect(node.depth).toBe(node.parent === undefined ? 0 : node.parent.depth + 1);
          if (node.parent === undefined) expect(tree.roots).toContain(node);
          else expect(node.depth).toBeLessThanOrEqual((before?.depth ?? 0) + 1);
        });
      }),
    );
  });
});

test('short ids of drawings go both ways', () => {
  expect(shortId(spanId('n17'))).toBe('n17');
});
