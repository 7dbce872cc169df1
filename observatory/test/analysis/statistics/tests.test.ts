// The statistical tests against exact enumeration, published tables and their own nominal rates.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fisherExact } from '../../../src/analysis/statistics/fisher.ts';
import { holm } from '../../../src/analysis/statistics/holm.ts';
import { mannWhitney } from '../../../src/analysis/statistics/mann-whitney.ts';
import { probit, twoSided } from '../../../src/analysis/statistics/normal.ts';
import { differenceInterval, quantile } from '../../../src/analysis/statistics/quantile.ts';
import { seededRandom } from '../../../src/analysis/statistics/random.ts';

function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 1n; i <= BigInt(k); i++) result = (result * (BigInt(n) - BigInt(k) + i)) / i;
  return result;
}

/** Fisher's test by counting all tables with whole numbers. */
function fisherByCounting(a: number, first: number, b: number, second: number): number {
  const having = a + b;
  const ways = (k: number): bigint =>
    k < 0 || k > first || having - k > second || having < k
      ? 0n
      : choose(first, k) * choose(second, having - k);
  let [extreme, all] = [0n, 0n];
  for (let k = 0; k <= having; k++) {
    all += ways(k);
    if (ways(k) <= ways(a)) extreme += ways(k);
  }
  return Number(extreme) / Number(all);
}

describe('Fisher’s exact test', () => {
  test('agrees with counting every table', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([first, second], x, y) => {
          const [a, b] = [Math.round(x * first), Math.round(y * second)];
          const exact = fisherByCounting(a, first, b, second);
          expect(fisherExact(a, first, b, second)).toBeCloseTo(exact, 9);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('knows the lady tasting tea', () => {
    expect(fisherExact(4, 4, 0, 4)).toBeCloseTo(2 / 70, 12);
    expect(fisherExact(3, 4, 1, 4)).toBeCloseTo(34 / 70, 12);
  });

  test('stays finite with many members', () => {
    expect(fisherExact(5000, 10_000, 5000, 10_000)).toBeCloseTo(1, 9);
    expect(fisherExact(10_000, 10_000, 0, 10_000)).toBe(0);
    expect(fisherExact(0, 10, 0, 10)).toBe(1);
    expect(fisherExact(10, 10, 10, 10)).toBe(1);
  });
});

describe('the Mann–Whitney test', () => {
  test('is the normal approximation with continuity', () => {
    // U = 4 of 25, z = 8 / √(25 · 11 / 12) = 1.671.
    expect(mannWhitney([1, 2, 3, 4, 9], [5, 6, 7, 8, 10]).pValue).toBeCloseTo(0.0947, 3);
    expect(mannWhitney([1, 2, 3], [4, 5, 6]).pValue).toBeCloseTo(0.0809, 3);
  });

  test('is the same both ways round, and sees only the order', () => {
    const values = fc
      .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 })
      .map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { pValue: p, direction } = mannWhitney(a, b);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mannWhitney(b, a).pValue).toBeCloseTo(p, 9);
        expect(mannWhitney(b, a).direction + direction).toBe(0);
        expect(
          mannWhitney(
            a.map((x) => x ** 3 + 1),
            b.map((x) => x ** 3 + 1),
          ).pValue,
        ).toBeCloseTo(p, 9);
      }),
    );
  });

  test('says nothing of sets that are all the same, or empty', () => {
    expect(mannWhitney([3, 3, 3], [3, 3, 3, 3])).toEqual({ pValue: 1, direction: 0 });
    expect(mannWhitney([], [1, 2])).toEqual({ pValue: 1, direction: 0 });
  });

  test('is below 5 % in at most 5 % of equal sets, with ties and without', () => {
    for (const round of [
      (x: number) => x,
      (x: number) => Math.floor(x * 5),
      (x: number) => Math.max(0, x - 0.8),
    ]) {
      const random = seededRandom(7);
      const draw = (n: number): number[] =>
        Array.from({ length: n }, () => round(random())).sort((a, b) => a - b);
      let alarms = 0;
      for (let i = 0; i < 4000; i++) if (mannWhitney(draw(12), draw(15)).pValue < 0.05) alarms += 1;
      expect(alarms / 4000).toBeLessThan(0.055);
      expect(alarms / 4000).toBeGreaterThan(0.01);
    }
  });
});

describe('the normal distribution', () => {
  test('has its known tails', () => {
    expect(twoSided(1.959963985)).toBeCloseTo(0.05, 6);
    expect(twoSided(-3)).toBeCloseTo(0.0026998, 6);
    expect(twoSided(6) / 1.973175e-9).toBeCloseTo(1, 5);
    expect(probit(0.975)).toBeCloseTo(1.959964, 5);
    expect(probit(0.025)).toBeCloseTo(-1.959964, 5);
    expect(probit(0.5)).toBeCloseTo(0, 5);
  });
});

describe('Holm’s correction', () => {
  test('multiplies the smallest by the number of questions, the next by one less, never out of order', () => {
    expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('quantiles', () => {
  test('are values that are there', () => {
    expect([0, 0.5, 0.95, 0.951, 1].map((q) => quantile([...Array(20).keys()], q))).toEqual([
      0, 9, 18, 19, 19,
    ]);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBe(0);
  });

  test('differ by what their 95 % interval says in at least 94 % of cases', () => {
    const random = seededRandom(11);
    for (const n of [20, 100]) {
      let covered = 0;
      for (let i = 0; i < 2000; i++) {
        const draw = (): number[] => Array.from({ length: n }, () => random() ** 3).sort((a, b) => a - b);
        const { low, high } = differenceInterval(draw(), draw(), 0.5);
        if (low <= 0 && high >= 0) covered += 1;
      }
      expect(covered / 2000).toBeGreaterThan(0.94);
    }
  });
});

describe('seeded random numbers', () => {
  test('are the same for the same seed, lie from 0 up to 1 and are spread evenly', () => {
    const [a, b] = [seededRandom(5), seededRandom(5)];
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const value = a();
      expect(b()).toBe(value);
      tenths[Math.floor(value * 10)]! += 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(900);
    expect(Math.max(...tenths)).toBeLessThan(1100);
  });
});
