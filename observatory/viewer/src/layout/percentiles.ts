// Percentiles of durations over time, and what held requests up meanwhile, in buckets of equal length.

/** One bucket: its start and the percentiles of the durations in it. */
export interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** How many traces each group was the bottleneck of, by its index; -1 for those of none. The most frequent first. */
  readonly bottlenecks: readonly (readonly [number, number])[];
}

function nearestRank(sorted: readonly number[], percentile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * percentile) - 1)] ?? 0;
}

/** Start, duration and index of the bottleneck's group. */
type Point = readonly [number, number, number];

function countBottlenecks(points: readonly Point[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const [, , group] of points) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

/** Buckets from the first point to the last, without the empty ones. Points are by start. */
export function bucketsOf(points: readonly Point[], most: number): Bucket[] {
  const first = points[0]?.[0] ?? 0;
  const last = points.at(-1)?.[0] ?? 0;
  const length = Math.max(1, (last - first) / most + 1e-6);
  const groups = new Map<number, Point[]>();
  for (const point of points) {
    const at = Math.min(most - 1, Math.floor((point[0] - first) / length));
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [point]);
    else group.push(point);
  }
  return [...groups].map(([at, group]) => {
    const sorted = group.map(([, durationMs]) => durationMs).sort((a, b) => a - b);
    return {
      startMs: first + at * length,
      endMs: first + (at + 1) * length,
      count: sorted.length,
      p50Ms: nearestRank(sorted, 0.5),
      p95Ms: nearestRank(sorted, 0.95),
      p99Ms: nearestRank(sorted, 0.99),
      bottlenecks: countBottlenecks(group),
    };
  });
}
