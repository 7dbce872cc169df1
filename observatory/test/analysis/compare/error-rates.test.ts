// How often a comparison raises a false alarm, and how often it finds what is there: measured on simulated routes.
import { describe, expect, test } from '@jest/globals';
import { type Comparison, compareRoutes } from '../../../src/analysis/compare/index.ts';
import { logNormal } from '../simulated-checkout.ts';
import { type Recipe, simulate, usual } from './simulated-route.ts';

function compare(count: number, seed: number, before: Recipe, after: Recipe): Comparison {
  return compareRoutes(
    simulate(count, 2 * seed, before),
    simulate(count, 2 * seed + 1, after),
  )[0] as Comparison;
}

/** Anything that a comparison calls significant. */
function alarms({ p50, p95, errors, groups, operations }: Comparison): number {
  const changes = [p50, p95, errors, ...groups.map((group) => group.time)];
  return changes.filter((change) => change?.isSignificant === true).length + operations.length;
}

/** Share of 1 000 comparisons that are so. */
function rate(runs: number, is: (seed: number) => boolean): number {
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) count += Number(is(seed));
  return count / runs;
}

/** Latency of two humps, a long tail, whole milliseconds, and errors. */
const awkward: Recipe = (random) => ({
  'payment/charge': Math.round(random() < 0.3 ? logNormal(random, 900, 0.2) : logNormal(random, 60, 0.5)),
  'inventory/read': random() < 0.02 ? 5000 : 12,
  'gateway/POST /api/checkout': Math.round(random() * 4),
  failed: Number(random() < 0.05),
});

describe('two sets of the same', () => {
  test.each([20, 50, 200])(
    '%i traces each: anything is called significant in at most 5 %% of 1 000',
    (count) => {
      const plain = (random: () => number): ReturnType<Recipe> => ({
        ...usual(random),
        failed: Number(random() < 0.03),
      });
      expect(rate(1000, (seed) => alarms(compare(count, seed, plain, plain)) > 0)).toBeLessThanOrEqual(0.05);
    },
  );

  test.each([20, 200])('%i traces each of an awkward distribution: the same', (count) => {
    expect(rate(1000, (seed) => alarms(compare(count, seed, awkward, awkward)) > 0)).toBeLessThanOrEqual(
      0.05,
    );
  });
});

describe('a part that got slower', () => {
  test('by 20 % at 200 traces each is found in at least 90 % of cases, on the route and in its part', () => {
    const found = rate(200, (seed) => {
      const { verdict, groups } = compare(
        200,
        seed,
        (random) => usual(random),
        (random) => usual(random, 1.2),
      );
      return verdict === 'slower' && groups[0]?.operation === 'charge' && groups[0].time.isSignificant;
    });
    expect(found).toBeGreaterThanOrEqual(0.9);
  });

  test('by half at 20 traces each is found in at least 90 % of cases', () => {
    const found = rate(200, (seed) => {
      const { verdict } = compare(
        20,
        seed,
        (random) => usual(random, 1, 0.2),
        (random) => usual(random, 1.5, 0.2),
      );
      return verdict === 'slower';
    });
    expect(found).toBeGreaterThanOrEqual(0.9);
  });

  test('in a tenth of the requests is found at the 95th percentile', () => {
    const slowTail: Recipe = (random) => ({
      ...usual(random),
      'inventory/retry': random() < 0.15 ? 9000 : 0,
    });
    const found = rate(
      200,
      (seed) => compare(200, seed, (random) => usual(random), slowTail).p95?.isSignificant === true,
    );
    expect(found).toBeGreaterThanOrEqual(0.9);
  });
});
