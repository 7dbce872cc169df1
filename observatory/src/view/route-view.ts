// Routes and comparisons in plain numbers.
import type { Comparison, DurationChange } from '../analysis/compare/index.ts';
import type { RouteGroup, RouteStats } from '../analysis/many/index.ts';
import type { WhatIf } from '../analysis/what-if.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import { toGroupView } from './groups.ts';
import type { ChangeView, ComparisonView, RouteGroupView, RouteView, WhatIfView } from './set-shapes.ts';

function toRouteGroup(group: RouteGroup): RouteGroupView {
  const { kind, service, operation, peer, share, p50Share, p95Share, p99Share, bottleneckShare } = group;
  const shares = { share, p50Share, p95Share, p99Share, bottleneckShare };
  return { kind, service, operation, peer, ...shares, p50Ms: nsToMs(group.p50Ns) };
}

/** A route with the starts and durations of its traces. */
export function toRouteView(stats: RouteStats, points: RouteView['points']): RouteView {
  const { service, operation, count, errors, durations, sentence, slow } = stats;
  return {
    service,
    operation,
    count,
    errors,
    p50Ms: nsToMs(durations.p50Ns),
    p95Ms: nsToMs(durations.p95Ns),
    p99Ms: nsToMs(durations.p99Ns),
    maxMs: nsToMs(durations.maxNs),
    sentence,
    groups: stats.groups.map(toRouteGroup),
    traits: slow.traits.map((trait) => trait.sentence),
    unjudged: slow.unjudged ?? null,
    slowest: stats.slowest.traceId,
    median: stats.median.traceId,
    points,
  };
}

function toChange(change: DurationChange): ChangeView {
  return {
    beforeMs: nsToMs(change.beforeNs),
    afterMs: nsToMs(change.afterNs),
    differenceMs: nsToMs(change.differenceNs),
    lowMs: nsToMs(change.lowNs),
    highMs: nsToMs(change.highNs),
    isSignificant: change.isSignificant && change.isLarge,
  };
}

export function toComparisonView(comparison: Comparison): ComparisonView {
  const { service, operation, verdict, sentence, before, after, p50, p95, groups } = comparison;
  return {
    service,
    operation,
    verdict,
    sentence,
    beforeCount: before?.count ?? 0,
    afterCount: after?.count ?? 0,
    p50: p50 === undefined ? null : toChange(p50),
    p95: p95 === undefined ? null : toChange(p95),
    groups: groups.map((group) => ({
      kind: group.kind,
      service: group.service,
      operation: group.operation,
      peer: group.peer,
      time: toChange(group.time),
    })),
  };
}

export function toWhatIfView(answer: WhatIf): WhatIfView {
  const { sentence, changed, beforeNs, afterNs, bottleneck, groups } = answer;
  return {
    sentence,
    changed: changed.length,
    beforeMs: nsToMs(beforeNs),
    afterMs: nsToMs(afterNs),
    bottleneck: bottleneck === undefined ? null : toGroupView(bottleneck),
    groups: groups.map(toGroupView),
  };
}
