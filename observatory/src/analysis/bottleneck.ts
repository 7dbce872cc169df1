// The bottleneck: the operation with the largest time of its own on the critical path.
import { durationText, percentText } from '../trace/duration-text.ts';
import { compareNs, shareOf } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import { type CriticalPath, type PartKind, type PathSpan, spansOnPath } from './critical-path.ts';

/** Time on the critical path that belongs together: own time of one operation of one service, or one way on the network. */
export interface PathGroup {
  readonly kind: PartKind;
  readonly service: string;
  /** Span name. */
  readonly operation: string;
  /** The service at the other end, for `network`; else the empty string. */
  readonly peer: string;
  readonly selfNs: bigint;
  /** Share of the root's duration, 0 to 1. */
  readonly share: number;
  /** How many spans of the group are on the path. */
  readonly spans: number;
}

function keyOf({ node, peer }: PathSpan): string {
  const { service, name } = node.span;
  return `${service.length} ${service} ${peer.length} ${peer} ${name}`;
}

function newGroup({ node, kind, peer }: PathSpan): { -readonly [key in keyof PathGroup]: PathGroup[key] } {
  const { service, name: operation } = node.span;
  return { kind, service, operation, peer, selfNs: 0n, share: 0, spans: 0 };
}

/** The critical path by (service, operation), network time apart; the largest first. */
export function groupPath(path: CriticalPath): PathGroup[] {
  const groups = new Map<string, ReturnType<typeof newGroup>>();
  for (const one of spansOnPath(path)) {
    const key = keyOf(one);
    const group = groups.get(key) ?? newGroup(one);
    if (group.spans === 0) groups.set(key, group);
    group.selfNs += one.selfNs;
    group.spans += 1;
  }
  for (const group of groups.values()) group.share = shareOf(group.selfNs, path.durationNs);
  return [...groups.values()].sort((a, b) => compareNs(b.selfNs, a.selfNs));
}

function nameOf(name: string): string {
  return name === '' ? '(no name)' : name;
}

/** `payment · charge`, or `gateway → payment · POST (network)`. */
export function groupText(group: Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'>): string {
  if (group.kind === 'own') return `${group.service} · ${nameOf(group.operation)}`;
  return `${group.service} → ${group.peer} · ${nameOf(group.operation)} (network)`;
}

/** The sentence of a root that is its own bottleneck. */
function ownWorkSentence(group: PathGroup, durationNs: bigint): string {
  const own = group.selfNs === durationNs ? 'all' : durationText(group.selfNs);
  const share = percentText(group.share);
  return `${groupText(group)} took ${durationText(durationNs)}, ${own} of it its own work (${share})`;
}

function isRootAlone({ kind, service, operation, spans }: PathGroup, { span }: SpanNode): boolean {
  return kind === 'own' && spans === 1 && service === span.service && operation === span.name;
}

/** The one sentence: what holds the request up, for how long, of how much. */
export function bottleneckSentence(path: CriticalPath, bottleneck: PathGroup | undefined): string {
  if (path.root === undefined) return 'The trace has no spans: nothing to find.';
  const operation = nameOf(path.root.span.name);
  if (bottleneck === undefined) return `${operation} took no measurable time: nothing holds it up.`;
  if (isRootAlone(bottleneck, path.root)) return ownWorkSentence(bottleneck, path.durationNs);
  const [self, whole] = [durationText(bottleneck.selfNs), durationText(path.durationNs)];
  return `${groupText(bottleneck)} holds up ${operation}: ${self} of ${whole} (${percentText(bottleneck.share)})`;
}
