// The critical path of a route by group: shares around the percentiles of duration, and how often each is the bottleneck.
import { quantile } from '../statistics/quantile.ts';
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
function timesIn(digests: readonly TraceDigest[], { from, to }: Range): Map<number, number> {
  const times = new Map<number, number>();
  for (const { groups, groupNs } of digests.slice(from, to)) {
    groups.forEach((group, i) => {
      times.set(group, (times.get(group) ?? 0) + (groupNs[i] as number));
    });
  }
  return times;
}

/** Share of each group in the traces of a range, 0 to 1. */
function sharesIn(digests: readonly TraceDigest[], range: Range): (group: number) => number {
  const times = timesIn(digests, range);
  const total = [...times.values()].reduce((sum, ns) => sum + ns, 0);
  return (group) => (total === 0 ? 0 : (times.get(group) ?? 0) / total);
}

function columnOf(digests: readonly TraceDigest[], group: number): Float64Array {
  return Float64Array.from(digests, ({ groups, groupNs }) => {
    let ns = 0;
    for (let i = 0; i < groups.length; i++) if (groups[i] === group) ns += groupNs[i] as number;
    return ns;
  });
}

/** The groups of a route, the largest share first, with the columns behind them; `digests` in order of duration. */
export function routeGroups(
  digests: readonly TraceDigest[],
  names: readonly GroupName[],
): { groups: RouteGroup[]; samples: RouteSamples } {
  const count = digests.length;
  const share = sharesIn(digests, { from: 0, to: count });
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => sharesIn(digests, windowAround(q, count)));
  const bottlenecks = new Map<number, number>();
  for (const { groups } of digests) {
    const first = groups[0];
    if (first !== undefined) bottlenecks.set(first, (bottlenecks.get(first) ?? 0) + 1);
  }
  const numbers = [...timesIn(digests, { from: 0, to: count }).keys()].sort(
    (a, b) => share(b) - share(a) || a - b,
  );
  const groups = numbers.map(
    (number): RouteGroup => ({
      ...(names[number] as GroupName),
      share: share(number),
      p50Share: p50?.(number) ?? 0,
      p95Share: p95?.(number) ?? 0,
      p99Share: p99?.(number) ?? 0,
      p50Ns: BigInt(quantile(columnOf(digests, number).sort(), 0.5)),
      bottleneckShare: (bottlenecks.get(number) ?? 0) / count,
    }),
  );
  const samples: RouteSamples = {
    size: count,
    durationsNs: Float64Array.from(digests, (digest) => digest.durationNs),
    groupNs: (group) => columnOf(digests, numbers[group] ?? -1),
  };
  return { groups, samples };
}
