// The bottleneck: the operation with the largest time of its own on the critical path.
import { countText, durationText, percentText } from '../trace/duration-text.ts';
import { compareNs, shareOf } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import type { CriticalPath, PartKind, PathPart } from './critical-path.ts';
import { foldedOf } from './folded.ts';
import { BySpan, ownKind } from './path-spans.ts';

/**
 * Time on the critical path that belongs together: one operation of one service with what it did itself and what was
 * not traced in it, or one way on the network, or one way through a queue.
 */
export interface PathGroup {
  /** `untraced` when more than half of the time is; else the kind of all of it. */
  readonly kind: PartKind;
  readonly service: string;
  /** Span name. */
  readonly operation: string;
  /** The service at the other end, for `network` and `queue`; else the empty string. */
  readonly peer: string;
  readonly selfNs: bigint;
  /** How much of `selfNs` is untraced. */
  readonly untracedNs: bigint;
  /** Share of the root's duration, 0 to 1. */
  readonly share: number;
  /** How many spans of the group are on the path. */
  readonly spans: number;
  /** How many calls those spans stand for: more than `spans` where runs of equal spans were folded into one. */
  readonly calls: number;
}

/** A {@link PathGroup} while spans are added. */
type Growing = { -readonly [key in keyof PathGroup]: PathGroup[key] };

function newGroup({ node, kind, peer }: PathPart): Growing {
  const { service, name: operation } = node.span;
  return { kind, service, operation, peer, selfNs: 0n, untracedNs: 0n, share: 0, spans: 0, calls: 0 };
}

/** A map's value for a key, made where it is missing. */
function madeFor<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Groups by kind and peer, then service, then operation. */
type Grouping = Map<string, Map<string, Map<string, Growing>>>;

function groupOf(part: PathPart, grouping: Grouping): Growing {
  const { kind, peer, node } = part;
  const way = kind === 'own' || kind === 'untraced' ? '' : `${kind} ${peer}`;
  const byService = madeFor(grouping, way, () => new Map<string, Map<string, Growing>>());
  const byName = madeFor(byService, node.span.service, () => new Map<string, Growing>());
  return madeFor(byName, node.span.name, () => newGroup(part));
}

/** The critical path by (service, operation), network and queues apart; the largest first. */
export function groupPath(path: CriticalPath): PathGroup[] {
  const grouping: Grouping = new Map();
  const groups: Growing[] = [];
  const bySpan = new BySpan<Growing>(path, (part) => {
    const group = groupOf(part, grouping);
    if (group.spans === 0) groups.push(group);
    group.spans += 1;
    group.calls += foldedOf(part.node.span)?.count ?? 1;
    return group;
  });
  for (const part of path.parts) {
    const group = bySpan.of(part);
    const lengthNs = part.endNs - part.startNs;
    group.selfNs += lengthNs;
    if (part.kind === 'untraced') group.untracedNs += lengthNs;
  }
  for (const group of groups) {
    group.share = shareOf(group.selfNs, path.durationNs);
    if (group.peer === '') group.kind = ownKind(group);
  }
  return groups.sort((a, b) => compareNs(b.selfNs, a.selfNs));
}

function nameOf(name: string): string {
  return name === '' ? '(no name)' : name;
}

/** `payment · charge`, or `gateway → payment · POST (network)`. */
export function groupText({
  kind,
  service,
  operation,
  peer,
}: Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'>): string {
  if (kind === 'own' || kind === 'untraced') return `${service} · ${nameOf(operation)}`;
  return `${service} → ${peer} · ${nameOf(operation)} (${kind})`;
}

/** The sentence of a root that is its own bottleneck. */
function rootSentence(group: PathGroup, durationNs: bigint): string {
  const own = group.selfNs === durationNs ? 'all' : durationText(group.selfNs);
  const share = percentText(group.share);
  const whose = group.kind === 'untraced' ? 'outside of its children' : 'its own work';
  return `${groupText(group)} took ${durationText(durationNs)}, ${own} of it ${whose} (${share})`;
}

function isRootAlone({ peer, spans, service, operation }: PathGroup, { span }: SpanNode): boolean {
  return peer === '' && spans === 1 && service === span.service && operation === span.name;
}

/** The one sentence: what holds the request up, for how long, of how much, and in how many calls. */
export function bottleneckSentence(path: CriticalPath, bottleneck: PathGroup | undefined): string {
  if (path.root === undefined) return 'The trace has no spans: nothing to find.';
  const operation = nameOf(path.root.span.name);
  if (bottleneck === undefined) return `${operation} took no measurable time: nothing holds it up.`;
  if (isRootAlone(bottleneck, path.root)) return rootSentence(bottleneck, path.durationNs);
  const [self, whole] = [durationText(bottleneck.selfNs), durationText(path.durationNs)];
  const calls = bottleneck.calls > 1 ? ` in ${countText(bottleneck.calls, 'call')}` : '';
  const share = percentText(bottleneck.share);
  return `${groupText(bottleneck)} holds up ${operation}: ${self} of ${whole} (${share})${calls}`;
}
