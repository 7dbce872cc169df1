// Routes and comparisons in plain numbers.
import type { Comparison, DurationChange } from '../analysis/compare/index.ts';
import type { RouteGroup, RouteStats } from '../analysis/many/index.ts';
import type { WhatIf } from '../analysis/what-if.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import type { Callees } from './callees.ts';
import { toGroupView } from './groups.ts';
import type { RouteMoments } from './route-moments.ts';
import type { ChangeView, ComparisonView, RouteGroupView, RouteView, WhatIfView } from './set-shapes.ts';

function toRouteGroup(group: RouteGroup, callees: Callees): RouteGroupView {
  const { kind, service, operation, peer, share, p50Share, p95Share, p99Share, bottleneckShare } = group;
  const shares = { share, p50Share, p95Share, p99Share, bottleneckShare };
  const calls = peer === '' ? callees.of(service, operation) : [];
  return { kind, service, operation, peer, calls, ...shares, p50Ms: nsToMs(group.p50Ns) };
}

/** A route with what was seen of its traces one by one. */
export function toRouteView(stats: RouteStats, seen: RouteMoments): RouteView {
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
    groups: stats.groups.map((group) => toRouteGroup(group, seen.callees)),
    traits: slow.traits.map((trait) => trait.sentence),
    unjudged: slow.unjudged ?? null,
    slowest: stats.slowest.traceId,
    median: stats.median.traceId,
    points: seen.pointsOf(stats),
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

/** `callees` are those of the trace as it is. */
export function toWhatIfView(answer: WhatIf, callees: Callees): WhatIfView {
  const { sentence, changed, beforeNs, afterNs, bottleneck, groups } = answer;
  return {
    sentence,
    changed: changed.length,
    beforeMs: nsToMs(beforeNs),
    afterMs: nsToMs(afterNs),
    bottleneck: bottleneck === undefined ? null : toGroupView(bottleneck, callees),
    groups: groups.map((group) => toGroupView(group, callees)),
  };
}
