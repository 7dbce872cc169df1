// Two sets of traces against each other.
import { describe, expect, test } from '@jest/globals';
import type { TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { analyzeTrace } from '../../../src/analysis/analyze-trace.ts';
import { type Comparison, compareRoutes } from '../../../src/analysis/compare/index.ts';
import { createRouteStats, type RouteStats } from '../../../src/analysis/many/index.ts';
import { makeSpan } from '../../trace/draw.ts';
import { checkouts, traceIdOf } from '../simulated-checkout.ts';

function statsOf(analyses: Iterable<TraceAnalysis>): RouteStats[] {
  const stats = createRouteStats();
  for (const analysis of analyses) stats.add(analysis);
  return stats.finish();
}

function compare(before: Iterable<TraceAnalysis>, after: Iterable<TraceAnalysis>): Comparison {
  return compareRoutes(statsOf(before), statsOf(after))[0] as Comparison;
}

/** Traces of one span on a route of its own. */
function plain(operation: string, count: number, ms = 10): TraceAnalysis[] {
  return Array.from({ length: count }, (_, n) => {
    return analyzeTrace({
      traceId: traceIdOf(n + 1),
      spans: [makeSpan({ name: operation, endMs: ms + (n % 7) })],
    });
  });
}

describe('a checkout whose payment got slower', () => {
  const comparison = compare(
    checkouts(200, 1),
    checkouts(200, 2, ({ paymentMs }) => ({ paymentMs: paymentMs + 480 })),
  );

  test('is slower, and the part that did it is named with its share', () => {
    expect(comparison.verdict).toBe('slower');
    expect(comparison.sentence).toMatchInlineSnapshot(
      `"payment · charge got 481 ms slower (p50 2 468 → 2 949 ms), which is all of what POST /api/checkout lost (p50 2 948 → 3 454 ms, +17 %)."`,
    );
    expect(comparison.groups[0]).toMatchObject({ service: 'payment', operation: 'charge', presence: 'both' });
    expect(comparison.groups[0]?.shareOfChange).toBeGreaterThan(0.85);
  });

  test('has the change with its interval and how sure it is', () => {
    const { p50 } = comparison;
    expect(p50).toMatchObject({ isSignificant: true, isLarge: true });
    expect(p50?.ratio).toBeCloseTo(480 / 3000, 1);
    expect(p50?.pValue).toBeLessThan(1e-6);
    expect(p50?.lowNs).toBeLessThan(480_000_000n);
    expect(p50?.highNs).toBeGreaterThan(480_000_000n);
    expect(p50?.differenceNs).toBe((p50?.afterNs ?? 0n) - (p50?.beforeNs ?? 0n));
  });

  test('shares of the change add up to the change', () => {
    const sum = comparison.groups.reduce((total, group) => total + (group.shareOfChange ?? 0), 0);
    expect(sum).toBeGreaterThan(0.97);
    expect(sum).toBeLessThan(1.03);
  });

  test('the other way round it is faster', () => {
    const faster = compare(
      checkouts(200, 2, ({ paymentMs }) => ({ paymentMs: paymentMs + 480 })),
      checkouts(200, 1),
    );
    expect(faster.verdict).toBe('faster');
    expect(faster.sentence).toMatch(/^payment · charge got \d+ ms faster .* gained \(p50/);
  });
});

describe('a checkout', () => {
  test('that did not change says so, and how small a change could have hidden', () => {
    const { verdict, sentence } = compare(checkouts(100, 3), checkouts(100, 4));
    expect(verdict).toBe('unchanged');
    expect(sentence).toMatchInlineSnapshot(
      `"POST /api/checkout shows no change beyond chance (p50 2 976 → 3 027 ms; the median changed by -28 ms to 150 ms with 95 % confidence, 100 and 100 traces)."`,
    );
  });

  test('whose slow traces alone got slower is slower at the 95th percentile', () => {
    const { verdict, p50, p95, sentence } = compare(
      checkouts(300, 5),
      checkouts(300, 6, (_, random) => (random() < 0.12 ? { inventoryMs: 4000 } : {})),
    );
    expect(verdict).toBe('slower');
    expect([p50?.isLarge, p95?.isSignificant]).toEqual([false, true]);
    expect(sentence).toMatch(
      /of what POST \/api\/checkout lost in its slow traces \(p95 |no single part of its path/,
    );
  });

  test('that fails more often says so', () => {
    const { errors, sentence } = compare(
      checkouts(200, 7),
      checkouts(200, 8, (_, random) => ({ isDeclined: random() < 0.2 })),
    );
    expect(errors?.isSignificant).toBe(true);
    expect(sentence).toMatch(/; errors rose from (\d|<1) % to \d+ %/);
  });

  test('that lost an operation says so', () => {
    const { operations, sentence } = compare(
      checkouts(100, 9),
      checkouts(100, 10, () => ({ hasNotify: false })),
    );
    expect(operations).toEqual([
      { service: 'notify', operation: 'POST /notifications', count: 100, presence: 'gone' },
    ]);
    expect(sentence).toMatch(/notify · POST \/notifications is gone\.$/);
  });

  test('an operation that one trace has by chance is not new', () => {
    const { operations } = compare(
      checkouts(100, 9, () => ({ hasNotify: false })),
      checkouts(100, 10, (_, random) => ({ hasNotify: random() < 0.01 })),
    );
    expect(operations).toEqual([]);
  });

  test.each([9, 1])('with %i traces on one side is not judged', (few) => {
    const { verdict, p50, errors, sentence } = compare(
      checkouts(100, 1),
      checkouts(few, 2, () => ({ paymentMs: 20_000, isDeclined: true })),
    );
    expect(verdict).toBe('too-few');
    expect(p50).toMatchObject({ isSignificant: false, pValue: 1 });
    expect(errors).toMatchObject({ isSignificant: false });
    expect(sentence).toBe(
      `POST /api/checkout has too few traces to compare: 100 and ${few}, at least 10 each are needed.`,
    );
  });
});

describe('routes', () => {
  test('that are in one set only are new or gone, those that got slower come first', () => {
    const before = statsOf([...plain('GET /a', 20), ...plain('GET /gone', 3), ...plain('GET /same', 20)]);
    const after = statsOf([...plain('GET /a', 20, 30), ...plain('GET /new', 4), ...plain('GET /same', 20)]);
    const comparisons = compareRoutes(before, after);
    expect(comparisons.map(({ operation, verdict }) => [operation, verdict])).toEqual([
      ['GET /a', 'slower'],
      ['GET /new', 'new'],
      ['GET /gone', 'gone'],
      ['GET /same', 'unchanged'],
    ]);
    expect(comparisons[1]?.sentence).toBe('GET /new is only in the second set (4 traces).');
    expect(comparisons[2]?.sentence).toBe('GET /gone is only in the first set (3 traces).');
  });

  test('nothing against nothing is nothing', () => {
    expect(compareRoutes([], [])).toEqual([]);
  });

  test('that took no time do not divide by it', () => {
    const still = (count: number): TraceAnalysis[] =>
      Array.from({ length: count }, (_, n) => analyzeTrace({ traceId: traceIdOf(n), spans: [makeSpan({})] }));
    expect(compare(still(30), still(30))).toMatchObject({
      verdict: 'unchanged',
      p50: { ratio: 0 },
      groups: [],
    });
    const work = Array.from({ length: 30 }, (_, n) =>
      analyzeTrace({ traceId: traceIdOf(n), spans: [makeSpan({ endMs: 5 + (n % 3) })] }),
    );
    expect(compare(still(30), work)).toMatchObject({
      verdict: 'slower',
      p50: { ratio: Number.POSITIVE_INFINITY },
    });
  });

  test('with themselves are the same in every run', () => {
    const [a, b] = [statsOf(checkouts(60, 1)), statsOf(checkouts(60, 2))];
    const withoutColumns = (_: string, value: unknown): unknown =>
      typeof value === 'bigint' ? String(value) : value;
    expect(JSON.stringify(compareRoutes(a, b), withoutColumns)).toBe(
      JSON.stringify(compareRoutes(a, b), withoutColumns),
    );
    expect(compareRoutes(a, a)[0]).toMatchObject({
      verdict: 'unchanged',
      p50: { differenceNs: 0n, pValue: 1 },
    });
  });
});
