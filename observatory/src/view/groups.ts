// The critical path's groups, the bottleneck and the services, in plain numbers.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import type { PathGroup } from '../analysis/bottleneck.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import { Callees } from './callees.ts';
import type { GroupView, Verdict } from './shapes.ts';

/** Groups with a peer name it already; `callees` know what the others call. */
export function toGroupView(group: PathGroup, callees: Callees): GroupView {
  const { kind, service, operation, peer, selfNs, share, spans } = group;
  const calls = peer === '' ? callees.of(service, operation) : [];
  return { kind, service, operation, peer, calls, selfMs: nsToMs(selfNs), share, spans };
}

function sharesByService(groups: readonly PathGroup[]): Verdict['services'] {
  const shares = new Map<string, number>();
  for (const { service, share } of groups) shares.set(service, (shares.get(service) ?? 0) + share);
  return [...shares].map(([service, share]) => ({ service, share })).sort((a, b) => b.share - a.share);
}

/** The verdict on a trace, for a row of a list. */
export function toVerdict(analysis: TraceAnalysis, arrival: number): Verdict {
  const { tree, sentence, bottleneck, groups } = analysis;
  return {
    traceId: tree.traceId,
    arrival,
    sentence,
    bottleneck: bottleneck === undefined ? null : toGroupView(bottleneck, new Callees().add(analysis)),
    services: sharesByService(groups),
  };
}
