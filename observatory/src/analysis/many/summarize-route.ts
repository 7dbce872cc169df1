// All that is said of a route, from what was remembered of its traces.
import { countText, durationText, percentText } from '../../trace/duration-text.ts';
import { groupText } from '../bottleneck.ts';
import { quantile } from '../statistics/quantile.ts';
import type { RouteAccumulator } from './route-accumulator.ts';
import { routeGroups } from './route-groups.ts';
import type { RouteDurations, RouteGroup, RouteStats } from './route-stats.ts';
import { slowTraces } from './slow-traces.ts';
import type { Digester, TraceDigest } from './trace-digest.ts';

function byDuration(a: TraceDigest, b: TraceDigest): number {
  return a.durationNs - b.durationNs || (a.traceId < b.traceId ? -1 : 1);
}

function durationsOf({ count, totalNs, slowest }: RouteAccumulator, sorted: Float64Array): RouteDurations {
  const at = (q: number): bigint => BigInt(quantile(sorted, q));
  return {
    p50Ns: at(0.5),
    p95Ns: at(0.95),
    p99Ns: at(0.99),
    maxNs: slowest.durationNs,
    meanNs: totalNs / BigInt(count),
  };
}

function mostOften(groups: readonly RouteGroup[]): RouteGroup | undefined {
  return groups.reduce<RouteGroup | undefined>((best, group) => {
    return group.bottleneckShare > (best?.bottleneckShare ?? 0) ? group : best;
  }, undefined);
}

function sentenceOf(stats: Omit<RouteStats, 'sentence'>): string {
  const { operation, count, durations, bottleneck, slow } = stats;
  const name = operation === '' ? '(no name)' : operation;
  const [p50, p95] = [durationText(durations.p50Ns), durationText(durations.p95Ns)];
  const parts = [`${name} took ${p50} at p50 and ${p95} at p95 over ${countText(count, 'trace')}`];
  if (bottleneck !== undefined) {
    const often = bottleneck.bottleneckShare === 1 ? 'all' : percentText(bottleneck.bottleneckShare);
    const share = percentText(bottleneck.share);
    parts.push(`${groupText(bottleneck)} is the bottleneck of ${often} of them, with ${share} of the time`);
  }
  const trait = slow.traits[0];
  if (trait !== undefined) parts.push(trait.sentence.replace(/\.$/, ''));
  return `${parts.join('; ')}.`;
}

/** The statistics of one route. */
export function summarizeRoute(route: RouteAccumulator, { groups: names, table }: Digester): RouteStats {
  const digests = route.kept.toSorted(byDuration);
  const { groups, samples } = routeGroups(digests, names);
  const median = digests[Math.ceil(digests.length / 2) - 1] as TraceDigest;
  const stats = {
    ...route.route,
    count: route.count,
    errors: route.errors,
    durations: durationsOf(route, samples.durationsNs),
    groups,
    bottleneck: mostOften(groups),
    slow: slowTraces(digests, table),
    slowest: route.slowest,
    median: { traceId: median.traceId, durationNs: BigInt(median.durationNs) },
    operations: [...route.operations].map(([{ service, operation }, count]) => ({
      service,
      operation,
      count,
    })),
    samples,
  };
  return { ...stats, sentence: sentenceOf(stats) };
}
