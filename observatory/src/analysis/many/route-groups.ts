// The critical path of a route by group: shares around the percentiles of duration, and how often each is the bottleneck.
import type { RouteSamples } from './route-samples.ts';
import type { RouteGroup } from './route-stats.ts';
import type { GroupName, TraceDigest } from './trace-digest.ts';

/** Half the width of the window around a percentile, as a share of the traces; at least five traces are in it. */
const HALF_WIDTHS: Readonly<Record<number, number>> = { 0.5: 0.05, 0.95: 0.025, 0.99: 0.01 };
const LEAST_IN_WINDOW = 5;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The traces around a percentile among `count` in order of duration. */
function windowAround(q: number, count: number): Range {
  const halfWidth = Math.max((HALF_WIDTHS[q] as number) * count, LEAST_IN_WINDOW / 2);
  const center = q * count;
  const from = Math.max(0, Math.min(Math.floor(center - halfWidth), count - LEAST_IN_WINDOW));
  return { from, to: Math.min(count, Math.max(Math.ceil(center + halfWidth), from + LEAST_IN_WINDOW)) };
}

/** Time of each group in the traces of a range. */
function timesIn(
  digests: readonly TraceDigest[],
  { from, to }: Range,
  of: 'groupNs' | 'untracedNs',
): Map<number, number> {
  const times = new Map<number, number>();
  for (const digest of digests.slice(from, to)) {
    digest.groups.forEach((group, i) => {
      times.set(group, (times.get(group) ?? 0) + (digest[of][i] as number));
    });
  }
  return times;
}

function sum(times: Map<number, number>): number {
  return [...times.values()].reduce((total, ns) => total + ns, 0);
}

/** Share of each group in the traces of a range, 0 to 1. */
function sharesIn(digests: readonly TraceDigest[], range: Range): (group: number) => number {
  const times = timesIn(digests, range, 'groupNs');
  const total = sum(times);
  return (group) => (total === 0 ? 0 : (times.get(group) ?? 0) / total);
}

/** The time of one group in the traces that have it, in their order. */
interface SparseColumn {
  readonly rows: Uint32Array;
  readonly ns: Float64Array;
  /** How many of the places are filled. */
  size: number;
}

/** Groups beyond those that are told apart share a number: a trace may have that several times. */
function addTo(column: SparseColumn, row: number, ns: number): void {
  const isKnown = column.size > 0 && column.rows[column.size - 1] === row;
  if (!isKnown) column.rows[column.size++] = row;
  column.ns[column.size - 1] = (column.ns[column.size - 1] as number) + ns;
}

/** The time of each group, by group number, in one pass over the traces. */
function sparseColumns(digests: readonly TraceDigest[]): Map<number, SparseColumn> {
  const sizes = new Map<number, number>();
  for (const { groups } of digests) for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const columns = new Map<number, SparseColumn>();
  for (const [group, size] of sizes) {
    columns.set(group, { rows: new Uint32Array(size), ns: new Float64Array(size), size: 0 });
  }
  digests.forEach(({ groups, groupNs }, row) => {
    groups.forEach((group, i) => {
      addTo(columns.get(group) as SparseColumn, row, groupNs[i] as number);
    });
  });
  return columns;
}

/** One number for each of `count` traces. */
function dense(column: SparseColumn | undefined, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < (column?.size ?? 0); i++) values[column?.rows[i] as number] = column?.ns[i] as number;
  return values;
}

/** The median over `count` traces; those that do not have the group count as 0, without being looked at. */
function medianOf({ ns, size }: SparseColumn, count: number): number {
  const rank = Math.max(1, Math.ceil(count / 2));
  const absent = count - size;
  return rank <= absent ? 0 : (ns.slice(0, size).sort()[rank - absent - 1] as number);
}

/** In how many traces each group is the bottleneck. */
function bottleneckCounts(digests: readonly TraceDigest[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { groups } of digests) {
    const first = groups[0];
    if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return counts;
}

/** The groups of a route, the largest share first, with the columns behind them; `digests` in order of duration. */
export function routeGroups(
  digests: readonly TraceDigest[],
  names: readonly GroupName[],
): { groups: RouteGroup[]; samples: RouteSamples } {
  const count = digests.length;
  const all: Range = { from: 0, to: count };
  const times = timesIn(digests, all, 'groupNs');
  const untraced = timesIn(digests, all, 'untracedNs');
  const total = sum(times) || 1;
  const around = ([0.5, 0.95, 0.99] as const).map((q) => sharesIn(digests, windowAround(q, count)));
  const [p50, p95, p99] = around as [(typeof around)[0], (typeof around)[0], (typeof around)[0]];
  const bottlenecks = bottleneckCounts(digests);
  const columns = sparseColumns(digests);
  const numbers = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([number]) => number);
  const groups = numbers.map((number): RouteGroup => {
    const [selfNs, untracedNs] = [times.get(number) ?? 0, untraced.get(number) ?? 0];
    const name = names[number] as GroupName;
    return {
      ...name,
      kind: name.peer !== '' ? name.kind : untracedNs * 2 > selfNs ? 'untraced' : 'own',
      share: selfNs / total,
      untracedShare: untracedNs / total,
      p50Share: p50(number),
      p95Share: p95(number),
      p99Share: p99(number),
      p50Ns: BigInt(medianOf(columns.get(number) as SparseColumn, count)),
      bottleneckShare: (bottlenecks.get(number) ?? 0) / count,
    };
  });
  const samples: RouteSamples = {
    size: count,
    durationsNs: Float64Array.from(digests, (digest) => digest.durationNs),
    groupNs: (group) => dense(columns.get(numbers[group] ?? -1), count),
  };
  return { groups, samples };
}
