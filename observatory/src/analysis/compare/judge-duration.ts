// Whether a duration changed: the median by ranks, the 95th percentile by how many exceed it.
import { fisherExact } from '../statistics/fisher.ts';
import { mannWhitney } from '../statistics/mann-whitney.ts';
import { differenceInterval, quantile } from '../statistics/quantile.ts';
import type { DurationChange } from './comparison.ts';
import { type Answer, FALSE_ALARM, type Family, type Hypotheses } from './hypotheses.ts';

/** Changes of less than this share of what it was do not matter. */
const LEAST_RATIO = 0.05;

/** Durations of both sets, ascending. */
export interface Sides {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** A change whose p-value is corrected when all questions have been asked. */
export type PendingChange = () => DurationChange;

function toNs(ns: number): bigint {
  return BigInt(Math.round(ns));
}

function pending(
  { before, after }: Sides,
  q: number,
  direction: number,
  p: Answer,
  leastNs: number,
): PendingChange {
  const [from, to] = [quantile(before, q), quantile(after, q)];
  const { low, high } = differenceInterval(before, after, q);
  const difference = to - from;
  const ratio = difference === 0 ? 0 : difference / from;
  return () => ({
    beforeNs: toNs(from),
    afterNs: toNs(to),
    differenceNs: toNs(difference),
    lowNs: toNs(low),
    highNs: toNs(high),
    ratio,
    pValue: p(),
    isSignificant: p() <= FALSE_ALARM && (difference === 0 || Math.sign(difference) === direction),
    isLarge: Math.abs(ratio) >= LEAST_RATIO && Math.abs(difference) >= leastNs,
  });
}

/** Asks whether the values as a whole moved (Mann–Whitney); the change is that of the median. */
export function judgeMedian(sides: Sides, ask: Hypotheses, family: Family, leastNs: number): PendingChange {
  const { pValue, direction } = mannWhitney(sides.before, sides.after);
  return pending(sides, 0.5, direction, ask.ask(family, pValue), leastNs);
}

function above(sorted: Float64Array, threshold: number): number {
  return sorted.length - (sorted.findLastIndex((value) => value <= threshold) + 1);
}

/**
 * Asks whether the 95th percentile moved: whether more of one set than of the other exceed the 95th percentile of both together
 * (Fisher's exact test).
 */
export function judgeTail(sides: Sides, ask: Hypotheses): PendingChange {
  const { before, after } = sides;
  const pooled = Float64Array.from([...before, ...after]).sort();
  const threshold = quantile(pooled, 0.95);
  const [inBefore, inAfter] = [above(before, threshold), above(after, threshold)];
  const pValue = fisherExact(inBefore, before.length, inAfter, after.length);
  const direction = Math.sign(inAfter / after.length - inBefore / before.length);
  return pending(sides, 0.95, direction, ask.ask('route', pValue), 0);
}

/** A change that there are too few traces to judge. */
export function unjudged(sides: Sides, q: number): DurationChange {
  return pending(sides, q, 0, () => 1, 0)();
}
