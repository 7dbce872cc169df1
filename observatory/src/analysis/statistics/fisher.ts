// Fisher's exact test: do two sets differ in how many of their members have a property?

/** Terms below this part of the largest one change nothing. */
const NEGLIGIBLE = 1e-18;

interface Table {
  /** Members of the first set. */
  readonly first: number;
  /** Members of the second set. */
  readonly second: number;
  /** Members of both that have the property. */
  readonly having: number;
}

/** How much likelier `k + 1` members of the first set with the property are than `k`, when chance alone decides. */
function step({ first, second, having }: Table, k: number): number {
  return ((having - k) * (first - k)) / ((k + 1) * (second - having + k + 1));
}

/** Weights from `from` on in one direction until they no longer matter; the weight of `from` is 1. */
function walk(table: Table, from: number, to: number, visit: (k: number, weight: number) => void): void {
  const up = to > from;
  let weight = 1;
  for (let k = from; k !== to; ) {
    weight *= up ? step(table, k) : 1 / step(table, k - 1);
    k += up ? 1 : -1;
    if (weight < NEGLIGIBLE) return;
    visit(k, weight);
  }
}

/**
 * Probability that chance alone makes two sets differ as much or more, two-sided, exact for any counts: `inFirst` of
 * `first` members have the property and `inSecond` of `second`. Smaller than 1e-18 comes out as 0.
 */
export function fisherExact(inFirst: number, first: number, inSecond: number, second: number): number {
  const table: Table = { first, second, having: inFirst + inSecond };
  const least = Math.max(0, table.having - second);
  const most = Math.min(first, table.having);
  const mode = Math.min(
    most,
    Math.max(least, Math.floor(((table.having + 1) * (first + 1)) / (first + second + 2))),
  );
  const weights = new Float64Array(most - least + 1);
  const keep = (k: number, weight: number): void => {
    weights[k - least] = weight;
  };
  keep(mode, 1);
  walk(table, mode, most, keep);
  walk(table, mode, least, keep);
  const observed = weights[inFirst - least] ?? 0;
  let [all, extreme] = [0, 0];
  for (const weight of weights) {
    all += weight;
    if (weight <= observed * (1 + 1e-7)) extreme += weight;
  }
  return Math.min(1, extreme / all);
}
