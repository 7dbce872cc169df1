// Rows of the waterfall: which spans are shown, and where hidden ones belong.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ancestorsOf, deeperThan, flatTree, visibleRows } from '../../src/layout/flat-tree.ts';

//  0 ── 1 ── 2
//  │    └─── 3
//  └─── 4
//  5 (a second root)
const PARENT = [-1, 0, 1, 1, 0, -1];

describe('the flat tree', () => {
  it('has depth, children and the end of each subtree', () => {
    const tree = flatTree(PARENT);
    expect([...tree.depth]).toEqual([0, 1, 2, 2, 1, 0]);
    expect([...tree.children]).toEqual([2, 2, 0, 0, 0, 0]);
    expect([...tree.end]).toEqual([5, 4, 3, 4, 5, 6]);
  });

  it('is empty for no spans', () => {
    expect(flatTree([]).size).toBe(0);
    expect([...visibleRows(flatTree([]), new Set()).spans]).toEqual([]);
  });

  it('takes a chain of 100 000 spans', () => {
    const tree = flatTree(Array.from({ length: 100_000 }, (_, i) => i - 1));
    expect(tree.depth[99_999]).toBe(99_999);
    expect(tree.end[0]).toBe(100_000);
  });
});

describe('visible rows', () => {
  it('are all spans when nothing is collapsed', () => {
    expect([...visibleRows(flatTree(PARENT), new Set()).spans]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('leave out what is below a collapsed span, which stands for it', () => {
    const rows = visibleRows(flatTree(PARENT), new Set([1]));
    expect([...rows.spans]).toEqual([0, 1, 4, 5]);
    expect([...rows.rowOf]).toEqual([0, 1, 1, 1, 2, 3]);
  });

  it('hide a collapsed span within a collapsed one', () => {
    expect([...visibleRows(flatTree(PARENT), new Set([0, 1])).spans]).toEqual([0, 5]);
  });

  it('give every span a row that shows it or one above it', () => {
    const parents = fc
      .array(fc.nat(), { minLength: 1, maxLength: 60 })
      .map((seeds) => preorder(seeds.map((seed, i) => (i === 0 ? -1 : seed % (i + 1)) - (i === 0 ? 0 : 1))));
    fc.assert(
      fc.property(parents, fc.uniqueArray(fc.nat(59)), (parent, collapsed) => {
        const rows = visibleRows(flatTree(parent), new Set(collapsed));
        parent.forEach((_, span) => {
          const shown = rows.spans[rows.rowOf[span] as number] as number;
          expect([...ancestorsOf(parent, span), span]).toContain(shown);
        });
      }),
    );
  });
});

/** Any parents (each before its children) in the order of a tree. */
function preorder(parents: readonly number[]): number[] {
  const ordered: number[] = [];
  const visit = (node: number, above: number): void => {
    const at = ordered.push(above) - 1;
    parents.forEach((parent, child) => {
      if (parent === node) visit(child, at);
    });
  };
  parents.forEach((parent, node) => {
    if (parent === -1) visit(node, -1);
  });
  return ordered;
}

it('knows what is above a span, and what has children from a depth on', () => {
  expect(ancestorsOf(PARENT, 3)).toEqual([0, 1]);
  expect(ancestorsOf(PARENT, 0)).toEqual([]);
  expect([...deeperThan(flatTree(PARENT), 1)]).toEqual([1]);
  expect([...deeperThan(flatTree(PARENT), 0)]).toEqual([0, 1]);
});
