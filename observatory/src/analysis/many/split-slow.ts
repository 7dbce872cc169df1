// Where the slow traces of a route begin: at the widest natural gap, not at a fixed share.
const LEAST_SHARE = 0.05;
const MOST_SHARE = 0.5;

/** Fewer slow or fast traces than this say nothing. */
const LEAST_TRACES = 5;

/** Fewer traces than this are not split at all. */
export const LEAST_TO_SPLIT = 20;

/**
 * How many of the sorted durations are fast: the split into two classes whose logarithms vary least within them (Otsu's
 * threshold), with 5 % to 50 % of the traces on the slow side and equal durations on one side. `undefined` when there
 * is no such split.
 */
export function splitSlow(sortedNs: ArrayLike<number>): number | undefined {
  const n = sortedNs.length;
  const slowFrom = n - Math.max(LEAST_TRACES, Math.ceil(n * LEAST_SHARE));
  const slowTo = Math.max(LEAST_TRACES, n - Math.floor(n * MOST_SHARE));
  if (n < LEAST_TO_SPLIT) return undefined;
  const logs = Float64Array.from(sortedNs, (ns) => Math.log(Math.max(1, ns)));
  const total = logs.reduce((sum, log) => sum + log, 0);
  let fastSum = 0;
  let [best, bestBetween] = [-1, 0];
  for (let i = 1; i <= slowFrom; i++) {
    fastSum += logs[i - 1] as number;
    if (i < slowTo || sortedNs[i] === sortedNs[i - 1]) continue;
    const difference = (total - fastSum) / (n - i) - fastSum / i;
    const between = i * (n - i) * difference * difference;
    if (between > bestBetween) [best, bestBetween] = [i, between];
  }
  return best === -1 ? undefined : best;
}
