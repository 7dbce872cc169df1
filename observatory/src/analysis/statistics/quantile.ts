// Quantiles of sorted numbers and how far off they may be.
import { probit } from './normal.ts';

/** The smallest value that at least the share `q` (0 to 1) of the sorted values do not exceed (nearest rank); 0 of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const rank = Math.ceil(q * sorted.length - 1e-9);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? 0;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Confidence interval of a quantile from the order statistics around it: right for values of any distribution. */
function quantileInterval(sorted: ArrayLike<number>, q: number, confidence: number): Interval {
  const n = sorted.length;
  const reach = probit((1 + confidence) / 2) * Math.sqrt(n * q * (1 - q));
  const low = Math.max(0, Math.floor(n * q - reach) - 1);
  const high = Math.min(n - 1, Math.ceil(n * q + reach));
  return { low: sorted[low] ?? 0, high: sorted[high] ?? 0 };
}

/**
 * Confidence interval of the difference `after - before` of a quantile of two independent sets, from the intervals of both
 * (Zou and Donner's method of variance estimates recovery).
 */
export function differenceInterval(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  q: number,
  confidence = 0.95,
): Interval {
  const [b, a] = [quantile(before, q), quantile(after, q)];
  const [bi, ai] = [quantileInterval(before, q, confidence), quantileInterval(after, q, confidence)];
  return {
    low: a - b - Math.hypot(a - ai.low, bi.high - b),
    high: a - b + Math.hypot(ai.high - a, b - bi.low),
  };
}
