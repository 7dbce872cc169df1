// A route over many traces as data: what `longpole bottleneck --json` and `compare --json` print of it.
import { groupText, type PathGroup } from '../../analysis/bottleneck.ts';
import type { CommonTrait, RouteGroup, RouteStats } from '../../analysis/many/index.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import { roundShare } from '../output/round-share.ts';

/** Time on the critical path that belongs together. Shares are 0 to 1. */
export interface RouteGroupJson extends Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'> {
  /** `payment · authorize with acquirer`. */
  readonly text: string;
  /** Share of the time of all traces together. */
  readonly share: number;
  /** Share of the time of the traces around this percentile of duration. */
  readonly p50Share: number;
  readonly p95Share: number;
  readonly p99Share: number;
  /** Median of its time on the path. */
  readonly p50Ms: number;
  /** Traces it is the bottleneck of, as a share of all. */
  readonly bottleneckShare: number;
}

/** A route over many traces. Times are milliseconds, shares 0 to 1. */
export interface RouteJson {
  readonly service: string;
  readonly operation: string;
  /** Traces of the route. */
  readonly count: number;
  /** Traces whose root failed. */
  readonly errors: number;
  readonly durationMs: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
    readonly mean: number;
  };
  /** The group that is most often the bottleneck; `null` when no trace took measurable time. */
  readonly bottleneck: RouteGroupJson | null;
  /** The critical path, the largest share first. */
  readonly groups: readonly RouteGroupJson[];
  readonly slow: {
    readonly slowCount: number;
    readonly fastCount: number;
    /** Traces that took at least this long are the slow ones. */
    readonly fromMs: number;
    readonly traits: readonly Pick<
      CommonTrait,
      'text' | 'slowShare' | 'fastShare' | 'pValue' | 'also' | 'sentence'
    >[];
    /** Why nothing was looked for; `null` when it was. */
    readonly unjudged: string | null;
  };
  readonly slowest: { readonly traceId: string; readonly durationMs: number };
  readonly median: { readonly traceId: string; readonly durationMs: number };
  readonly sentence: string;
}

function toGroupJson(group: RouteGroup): RouteGroupJson {
  const { kind, service, operation, peer } = group;
  return {
    kind,
    service,
    operation,
    peer,
    text: groupText(group),
    share: roundShare(group.share),
    p50Share: roundShare(group.p50Share),
    p95Share: roundShare(group.p95Share),
    p99Share: roundShare(group.p99Share),
    p50Ms: nsToMs(group.p50Ns),
    bottleneckShare: roundShare(group.bottleneckShare),
  };
}

function toSlowJson({
  slowCount,
  fastCount,
  fromNs,
  traits,
  unjudged,
}: RouteStats['slow']): RouteJson['slow'] {
  return {
    slowCount,
    fastCount,
    fromMs: nsToMs(fromNs),
    traits: traits.map(({ text, slowShare, fastShare, pValue, also, sentence }) => {
      return {
        text,
        slowShare: roundShare(slowShare),
        fastShare: roundShare(fastShare),
        pValue,
        also,
        sentence,
      };
    }),
    unjudged: unjudged ?? null,
  };
}

/** The statistics of a route as data. */
export function toRouteJson(stats: RouteStats): RouteJson {
  const { service, operation, count, errors, durations, bottleneck, groups, slow, slowest, median } = stats;
  return {
    service,
    operation,
    count,
    errors,
    durationMs: {
      p50: nsToMs(durations.p50Ns),
      p95: nsToMs(durations.p95Ns),
      p99: nsToMs(durations.p99Ns),
      max: nsToMs(durations.maxNs),
      mean: nsToMs(durations.meanNs),
    },
    bottleneck: bottleneck === undefined ? null : toGroupJson(bottleneck),
    groups: groups.map(toGroupJson),
    slow: toSlowJson(slow),
    slowest: { traceId: slowest.traceId, durationMs: nsToMs(slowest.durationNs) },
    median: { traceId: median.traceId, durationMs: nsToMs(median.durationNs) },
    sentence: stats.sentence,
  };
}
