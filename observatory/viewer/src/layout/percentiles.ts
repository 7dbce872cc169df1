// Percentiles of durations over time, in buckets of equal length.

/** One bucket: its start and the percentiles of the durations in it. */
export interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

function nearestRank(sorted: readonly number[], percentile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * percentile) - 1)] ?? 0;
}

/** Buckets from the first point to the last, without the empty ones. Points are [start, duration], by start. */
export function bucketsOf(points: readonly (readonly [number, number])[], most: number): Bucket[] {
  const first = points[0]?.[0] ?? 0;
  const last = points.at(-1)?.[0] ?? 0;
  const length = Math.max(1, (last - first) / most + 1e-6);
  const groups = new Map<number, number[]>();
  for (const [startMs, durationMs] of points) {
    const at = Math.min(most - 1, Math.floor((startMs - first) / length));
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [durationMs]);
    else group.push(durationMs);
  }
  return [...groups].map(([at, durations]) => {
    const sorted = durations.sort((a, b) => a - b);
    return {
      startMs: first + at * length,
      endMs: first + (at + 1) * length,
      count: sorted.length,
      p50Ms: nearestRank(sorted, 0.5),
      p95Ms: nearestRank(sorted, 0.95),
      p99Ms: nearestRank(sorted, 0.99),
    };
  });
}
