// The spans on a critical path, each once, with all the time that was spent in it.
import type { SpanNode } from '../trace/node.ts';
import type { CriticalPath, PartKind, PathPart } from './critical-path.ts';

/** A span on the path with all the time the root spent in it. */
export interface PathSpan {
  readonly node: SpanNode;
  /** `untraced` when more than half of the time is; else the kind of all of it. */
  readonly kind: PartKind;
  /** The service at the other end, for `network` and `queue`; else the empty string. */
  readonly peer: string;
  /** Time of the span on the path that is not its children's, nanoseconds. */
  readonly selfNs: bigint;
  /** How much of `selfNs` is untraced. */
  readonly untracedNs: bigint;
}

/** A {@link PathSpan} while its parts are added. */
type Growing = { -readonly [key in keyof PathSpan]: PathSpan[key] };

/** `own`, or `untraced` when that is most of it. */
export function ownKind({ selfNs, untracedNs }: { selfNs: bigint; untracedNs: bigint }): PartKind {
  return untracedNs * 2n > selfNs ? 'untraced' : 'own';
}

function addPart(span: Growing, { kind, startNs, endNs }: PathPart): void {
  const lengthNs = endNs - startNs;
  span.selfNs += lengthNs;
  if (kind !== 'untraced') return;
  span.untracedNs += lengthNs;
  span.kind = kind;
}

/** The spans of a path in the order of the tree, each once; what its message waited in a queue comes before a span. */
export function spansOnPath(path: CriticalPath): PathSpan[] {
  const last = path.parts.reduce((most, { node }) => Math.max(most, node.index), -1);
  const spans = new Array<Growing | undefined>(2 * last + 2);
  for (const part of path.parts) {
    const { node, kind, peer } = part;
    const place = 2 * node.index + Number(kind !== 'queue');
    const span = spans[place] ?? { node, kind, peer, selfNs: 0n, untracedNs: 0n };
    if (span.selfNs === 0n) spans[place] = span;
    addPart(span, part);
  }
  const onPath: PathSpan[] = [];
  for (const span of spans) {
    if (span === undefined) continue;
    if (span.kind === 'untraced') span.kind = ownKind(span);
    onPath.push(span);
  }
  return onPath;
}
