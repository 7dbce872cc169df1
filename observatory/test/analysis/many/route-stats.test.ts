// Statistics over many traces of a route.
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { createRouteStats, type RouteStats } from '../../../src/analysis/many/index.ts';
import { quantile } from '../../../src/analysis/statistics/quantile.ts';
import { makeSpan } from '../../trace/draw.ts';
import { checkouts, traceIdOf } from '../simulated-checkout.ts';

function statsOf(analyses: Iterable<TraceAnalysis>, tracesPerRoute?: number): RouteStats[] {
  const stats = createRouteStats(tracesPerRoute === undefined ? {} : { tracesPerRoute });
  for (const analysis of analyses) stats.add(analysis);
  return stats.finish();
}

function one(routes: RouteStats[]): RouteStats {
  expect(routes).toHaveLength(1);
  return routes[0] as RouteStats;
}

/** Traces of a single span that take 1 ms, 2 ms, … */
function* ladder(count: number, service = 'shop'): Generator<TraceAnalysis> {
  for (let n = 1; n <= count; n++) {
    const span = makeSpan({ service, name: 'GET /', kind: 'SERVER', endMs: n });
    yield analyzeTrace({ traceId: traceIdOf(n), spans: [span] });
  }
}

const MS = 1_000_000n;

/** Traces of up to five calls each, one after the other, of so many different operations. */
function* calls(count: number, operations: number): Generator<TraceAnalysis> {
  for (let n = 1; n <= count; n++) {
    const root = makeSpan({ id: 'r', service: 'shop', name: 'GET /', kind: 'SERVER', endMs: 100 });
    const below = Array.from({ length: 1 + (n % 5) }, (_, i) => {
      const name = `call ${(n * 7 + i * i) % operations}`;
      return makeSpan({ id: `${i}`, parent: 'r', service: 'shop', name, startMs: i * 10, endMs: i * 10 + n });
    });
    yield analyzeTrace({ traceId: traceIdOf(n), spans: [root, ...below] });
  }
}

describe('a route', () => {
  test.each([
    ['few operations', 60, 3],
    ['many operations', 300, 40],
    ['more operations than are told apart', 6_000, 100_000],
  ])('the median of a group is over all traces, also those without it: %s', (_, count, operations) => {
    const { groups, samples } = one(statsOf(calls(count, operations)));
    expect(groups.length).toBeGreaterThan(2);
    const looked = groups.slice(0, 50);
    const medians = looked.map((_group, i) => BigInt(quantile(samples.groupNs(i).toSorted(), 0.5)));
    expect(looked.map(({ p50Ns }) => p50Ns)).toEqual(medians);
    expect(medians.some((ns) => ns > 0n)).toBe(true);
  });

  test('percentiles are the durations of real traces, by nearest rank', () => {
    const { durations, count, median, slowest } = one(statsOf(ladder(200)));
    expect(count).toBe(200);
    expect(durations).toEqual({
      p50Ns: 100n * MS,
      p95Ns: 190n * MS,
      p99Ns: 198n * MS,
      maxNs: 200n * MS,
      meanNs: 100_500_000n,
    });
    expect(median).toEqual({ traceId: traceIdOf(100), durationNs: 100n * MS });
    expect(slowest).toEqual({ traceId: traceIdOf(200), durationNs: 200n * MS });
  });

  test('one trace is enough for numbers', () => {
    const { durations, groups, sentence, slow } = one(statsOf(ladder(1)));
    expect(new Set(Object.values(durations))).toEqual(new Set([MS]));
    expect(groups).toMatchObject([{ share: 1, p50Share: 1, p95Share: 1, p99Share: 1, bottleneckShare: 1 }]);
    expect(sentence).toBe(
      'GET / took 1 ms at p50 and 1 ms at p95 over 1 trace; shop · GET / is the bottleneck of all of them, with 100 % of the time.',
    );
    expect(slow.unjudged).toBe('There are too few traces to tell slow from fast: 1, at least 20 are needed.');
  });

  test('routes are told apart by service and operation, the one with the most traces first', () => {
    const routes = statsOf([...ladder(2, 'b'), ...ladder(3, 'a'), ...ladder(2, 'a:"')]);
    expect(routes.map(({ service, count }) => [service, count])).toEqual([
      ['a', 3],
      ['a:"', 2],
      ['b', 2],
    ]);
  });

  test('a trace without spans counts nowhere', () => {
    expect(statsOf([analyzeTrace({ traceId: traceIdOf(1), spans: [] })])).toEqual([]);
  });

  test('traces that took no time have no shares and break nothing', () => {
    const still = analyzeTrace({ traceId: traceIdOf(1), spans: [makeSpan({ endMs: 0 })] });
    const route = one(statsOf(Array.from({ length: 30 }, () => still)));
    expect(route.groups).toEqual([]);
    expect(route.bottleneck).toBeUndefined();
    expect(route.slow.unjudged).toBe('All traces took the same time.');
    expect(route.sentence).toBe('work took 0 ns at p50 and 0 ns at p95 over 30 traces.');
  });

  test('errors are traces whose root failed', () => {
    const route = one(statsOf(checkouts(100, 3, (_, random) => ({ isDeclined: random() < 0.25 }))));
    expect(route.errors).toBeGreaterThan(15);
    expect(route.errors).toBeLessThan(36);
  });

  test('shares of the path add up to 1 overall and around each percentile', () => {
    const { groups } = one(statsOf(checkouts(200, 4)));
    for (const key of ['share', 'p50Share', 'p95Share', 'p99Share', 'bottleneckShare'] as const) {
      expect(groups.reduce((sum, group) => sum + group[key], 0)).toBeCloseTo(1, 9);
    }
    expect(groups[0]).toMatchObject({ service: 'payment', operation: 'charge', bottleneckShare: 1 });
    expect(groups[0]?.share).toBeGreaterThan(0.8);
  });

  test('what the path is made of at p99 may differ from the median', () => {
    const route = one(
      statsOf(checkouts(400, 5, (_, random) => (random() < 0.03 ? { inventoryMs: 9000 } : {}))),
    );
    const inventory = route.groups.find((group) => group.operation === 'SELECT');
    expect(inventory?.p50Share).toBeLessThan(0.1);
    expect(inventory?.p99Share).toBeGreaterThan(0.6);
    expect(inventory?.bottleneckShare).toBeLessThan(0.06);
    expect(route.bottleneck?.operation).toBe('charge');
  });

  test('the sentence names times, bottleneck and what the slow traces share', () => {
    const recipe = (h: { payment: object; paymentMs: number }): object => {
      const isAcme = (h.payment as Record<string, string>)['payment.provider'] === 'acme';
      return { paymentMs: isAcme ? h.paymentMs * 2 : h.paymentMs };
    };
    expect(one(statsOf(checkouts(200, 6, recipe))).sentence).toMatchInlineSnapshot(
      `"POST /api/checkout took 3 101 ms at p50 and 6 011 ms at p95 over 200 traces; payment · charge is the bottleneck of all of them, with 87 % of the time; payment.provider=acme (payment · charge) is in 100 % of the slow, 0 % of the fast."`,
    );
  });
});

describe('the columns', () => {
  test('go with the groups and add up to the durations', () => {
    const { samples, groups } = one(statsOf(checkouts(50, 8)));
    const columns = groups.map((_, i) => samples.groupNs(i));
    samples.durationsNs.forEach((duration, i) => {
      expect(columns.reduce((sum, column) => sum + (column[i] as number), 0)).toBe(duration);
    });
    expect([...samples.durationsNs]).toEqual([...samples.durationsNs].sort((a, b) => a - b));
  });
});

describe('more traces than are kept', () => {
  test('are counted exactly and sampled evenly', () => {
    const route = one(statsOf(ladder(5000), 500));
    expect(route).toMatchObject({ count: 5000, samples: { size: 500 } });
    expect(route.slowest).toEqual({ traceId: traceIdOf(5000), durationNs: 5000n * MS });
    expect(route.durations.meanNs).toBe(2500n * MS + MS / 2n);
    expect(Number(route.durations.p50Ns / MS)).toBeGreaterThan(2200);
    expect(Number(route.durations.p50Ns / MS)).toBeLessThan(2800);
  });

  test('are the same ones in every run', () => {
    const [a, b] = [one(statsOf(ladder(300), 20)), one(statsOf(ladder(300), 20))];
    expect([...a.samples.durationsNs]).toEqual([...b.samples.durationsNs]);
  });
});

describe('options', () => {
  test.each([
    [{ tracesPerRoutes: 5 }, 'createRouteStats has no option tracesPerRoutes. Did you mean tracesPerRoute?'],
    [
      { tracesPerRoute: 0 },
      'tracesPerRoute of createRouteStats is 0: give a whole number from 1 to 10000000.',
    ],
    [
      { tracesPerRoute: '5' },
      'tracesPerRoute of createRouteStats is 5: give a whole number from 1 to 10000000.',
    ],
    [{ most: 5 }, 'createRouteStats has no option most. There are tracesPerRoute.'],
  ])('%j is refused', (options, message) => {
    expect(() => createRouteStats(options as object)).toThrow(
      expect.objectContaining({ code: 'ERR_LONGPOLE_ANALYSIS_OPTION', message }),
    );
  });
});
