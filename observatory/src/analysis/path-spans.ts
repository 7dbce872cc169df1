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

/** Something for each span of a path, made when its first part comes; waiting in a queue apart from the span itself. */
export class BySpan<T> {
  readonly #own: (T | undefined)[];
  readonly #queue = new Map<number, T>();
  readonly #make: (part: PathPart) => T;

  constructor(path: CriticalPath, make: (part: PathPart) => T) {
    let last = -1;
    for (const { node } of path.parts) last = Math.max(last, node.index);
    this.#own = new Array<T | undefined>(last + 1).fill(undefined);
    this.#make = make;
  }

  of(part: PathPart): T {
    const { index } = part.node;
    const known = part.kind === 'queue' ? this.#queue.get(index) : this.#own[index];
    if (known !== undefined) return known;
    const made = this.#make(part);
    if (part.kind === 'queue') this.#queue.set(index, made);
    else this.#own[index] = made;
    return made;
  }

  /** All of them in the order of the tree, the queues first. */
  all(): T[] {
    const own = this.#own.filter((one) => one !== undefined);
    return this.#queue.size === 0 ? own : [...this.#queue.values(), ...own];
  }
}

/** The spans of a path in the order of the tree, each once. */
export function spansOnPath(path: CriticalPath): PathSpan[] {
  const spans = new BySpan<Growing>(path, ({ node, kind, peer }) => {
    return { node, kind, peer, selfNs: 0n, untracedNs: 0n };
  });
  for (const part of path.parts) addPart(spans.of(part), part);
  const onPath = spans.all();
  for (const span of onPath) if (span.kind === 'untraced') span.kind = ownKind(span);
  return onPath;
}
