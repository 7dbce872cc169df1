// The Mann–Whitney U test: do the values of one set tend to be larger than those of another?
import { twoSided } from './normal.ts';

interface Ranks {
  /** Pairs in which the value of `b` is the larger, ties half. */
  readonly wins: number;
  /** Sum of t³ − t over the groups of t tied values. */
  readonly ties: number;
}

/** Length of the run of equal values from `i` on. */
function run(sorted: ArrayLike<number>, i: number, value: number): number {
  let end = i;
  while (end < sorted.length && sorted[end] === value) end += 1;
  return end - i;
}

function rank(a: ArrayLike<number>, b: ArrayLike<number>): Ranks {
  let [i, j, wins, ties] = [0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    const [inA, inB] = [run(a, i, value), run(b, j, value)];
    wins += inB * (i + inA / 2);
    ties += (inA + inB) ** 3 - (inA + inB);
    i += inA;
    j += inB;
  }
  return { wins, ties };
}

export interface RankShift {
  /** Probability that chance alone makes two sets differ as much or more in their ranks, two-sided. */
  readonly pValue: number;
  /** Whether the second set tends to the larger (1) or the smaller (-1) values. */
  readonly direction: -1 | 0 | 1;
}

/**
 * Compares two independent sets of values, both ascending: the normal approximation, corrected for ties and for
 * continuity, good from about 8 values each.
 */
export function mannWhitney(a: ArrayLike<number>, b: ArrayLike<number>): RankShift {
  const [m, n] = [a.length, b.length];
  const { wins, ties } = rank(a, b);
  const total = m + n;
  const shift = wins - (m * n) / 2;
  const direction = shift > 0 ? 1 : shift < 0 ? -1 : 0;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return { pValue: 1, direction };
  return { pValue: twoSided(Math.max(0, Math.abs(shift) - 0.5) / Math.sqrt(variance)), direction };
}
