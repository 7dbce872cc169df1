// Where things are drawn: the path's lines, the axis, the window of time, the scatter plot, the search.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PathView, TraceRow, TraceView } from '../../../src/view/index.ts';
import { flatTree, visibleRows } from '../../src/layout/flat-tree.ts';
import { piecesBySpan, stepsWithin } from '../../src/layout/path-lines.ts';
import { brushed, layoutScatter, nearestPoint } from '../../src/layout/scatter.ts';
import { searchSpans } from '../../src/layout/search.ts';
import { clampWindow, pan, shareAt, ticks, zoom } from '../../src/layout/time-window.ts';

const WHOLE = { fromNs: 0, toNs: 10_000_000 };

function piece(span: number, startNs: number, durationNs: number): PathView {
  return { span, kind: 'own', peer: '', startNs, durationNs };
}

describe('the critical path as lines', () => {
  //  0  |a|       |c|
  //  1     |  b  |
  const path = [piece(0, 0, 10), piece(1, 10, 80), piece(0, 90, 10)];

  it('has the pieces of each span together', () => {
    const { from, order } = piecesBySpan(path, 2);
    expect([...from]).toEqual([0, 2, 3]);
    expect([...order]).toEqual([0, 2, 1]);
  });

  it('steps where it goes on in another row', () => {
    const rows = visibleRows(flatTree([-1, 0]), new Set());
    const all = { first: 0, last: 1, fromNs: 0, toNs: 100, limit: 10 };
    expect(stepsWithin(path, rows, all)).toEqual([
      { timeNs: 10, fromRow: 0, toRow: 1 },
      { timeNs: 90, fromRow: 0, toRow: 1 },
    ]);
    expect(stepsWithin(path, rows, { ...all, fromNs: 50 })).toHaveLength(1);
    expect(stepsWithin(path, rows, { ...all, limit: 1 })).toHaveLength(1);
    expect(stepsWithin(path, rows, { ...all, first: 5, last: 9 })).toEqual([]);
  });

  it('has no step within a collapsed span', () => {
    const rows = visibleRows(flatTree([-1, 0]), new Set([0]));
    expect(stepsWithin(path, rows, { first: 0, last: 0, fromNs: 0, toNs: 100, limit: 10 })).toEqual([]);
  });
});

describe('the window of time', () => {
  it('zooms around a time and stays within the whole', () => {
    expect(zoom(WHOLE, WHOLE, 0.5, 2_000_000)).toEqual({ fromNs: 1_000_000, toNs: 6_000_000 });
    expect(zoom({ fromNs: 1_000_000, toNs: 6_000_000 }, WHOLE, 10, 2_000_000)).toEqual(WHOLE);
    expect(pan({ fromNs: 0, toNs: 1_000_000 }, WHOLE, -1)).toEqual({ fromNs: 0, toNs: 1_000_000 });
    expect(pan({ fromNs: 0, toNs: 1_000_000 }, WHOLE, 0.5)).toEqual({ fromNs: 500_000, toNs: 1_500_000 });
  });

  it('is never shorter than a microsecond, nor outside', () => {
    const time = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const { fromNs, toNs } = clampWindow({ fromNs: a, toNs: b }, WHOLE);
        expect(fromNs).toBeGreaterThanOrEqual(0);
        expect(toNs).toBeLessThanOrEqual(WHOLE.toNs);
        expect(toNs - fromNs).toBeGreaterThanOrEqual(999);
      }),
    );
  });

  it('places times', () => {
    expect(shareAt(2_500_000, WHOLE)).toBe(0.25);
    expect(shareAt(5, { fromNs: 5, toNs: 5 })).toBe(0);
  });
});

describe('the axis', () => {
  it('has round times', () => {
    expect(ticks({ fromNs: 0, toNs: 3_000 }, 6)).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000]);
    expect(ticks({ fromNs: 130, toNs: 270 }, 3)).toEqual([150, 200, 250]);
    expect(ticks({ fromNs: 7, toNs: 7 }, 3)).toEqual([7]);
  });

  it('has about as many as asked for, all within', () => {
    const length = fc.double({ min: 1, max: 1e13, noNaN: true });
    fc.assert(
      fc.property(length, fc.integer({ min: 2, max: 20 }), (toNs, count) => {
        const marks = ticks({ fromNs: 0, toNs }, count);
        expect(marks.length).toBeLessThanOrEqual(count + 1);
        for (const mark of marks) expect(mark).toBeLessThanOrEqual(toNs * (1 + 1e-9));
      }),
    );
  });
});

function row(startMs: number, durationMs: number): TraceRow {
  return {
    traceId: `${startMs}`,
    service: 's',
    operation: 'o',
    isJob: false,
    startMs,
    durationMs,
    spans: 1,
    errors: 0,
    arrival: 1,
  };
}

describe('the scatter plot', () => {
  const frame = { width: 216, height: 116 };
  const rows = [row(1_000, 10), row(2_000, 1_000), row(1_500, 100)];

  it('puts later ones to the right and longer ones higher', () => {
    const { x, y } = layoutScatter(rows, frame);
    expect([x[0], x[2], x[1]]).toEqual([8, 108, 208]);
    expect(y[0]).toBeGreaterThan(y[2] as number);
    expect(y[2]).toBeGreaterThan(y[1] as number);
  });

  it('finds the nearest point within reach', () => {
    const scatter = layoutScatter(rows, frame);
    expect(nearestPoint(scatter, 206, (scatter.y[1] as number) + 3, 10)).toBe(1);
    expect(nearestPoint(scatter, 60, 5, 10)).toBe(-1);
  });

  it('turns a part back into times and durations that hold its points', () => {
    const scatter = layoutScatter(rows, frame);
    const at = { x: scatter.x[2] as number, y: scatter.y[2] as number };
    const part = brushed(scatter, frame, { x: at.x - 5, y: at.y + 5 }, { x: at.x + 5, y: at.y - 5 });
    expect(part.startMs).toBeLessThan(1_500);
    expect(part.endMs).toBeGreaterThan(1_500);
    expect(part.minDurationMs).toBeLessThan(100);
    expect(part.maxDurationMs).toBeGreaterThan(100);
    expect(part.maxDurationMs).toBeLessThan(1_000);
  });

  it('takes one trace, none, and one that took no time', () => {
    expect([...layoutScatter([], frame).x]).toEqual([]);
    expect(Number.isFinite(layoutScatter([row(1, 5)], frame).y[0])).toBe(true);
    expect(Number.isFinite(layoutScatter([row(1, 0)], frame).y[0])).toBe(true);
  });
});

describe('the search', () => {
  const view = {
    services: ['gateway', 'payment'],
    names: ['POST /checkout', 'charge card'],
    spans: { id: ['aaaa000000000001', 'bbbb000000000002'], service: [0, 1], name: [0, 1] },
  } as unknown as TraceView;

  it.each([
    ['CHECKOUT', [0]],
    ['pay', [1]],
    ['bbbb', [1]],
    ['0000', []],
    ['', []],
    ['  charge ', [1]],
    ['a', [0, 1]],
  ])('%j finds %j', (text, found) => {
    expect(searchSpans(view, text)).toEqual(found);
  });
});
