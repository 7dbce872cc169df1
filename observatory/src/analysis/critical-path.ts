// The critical path: which span the root waited for in each nanosecond of its time.
//
//   root    |=========================|       the walk goes backwards from the root's end:
//   A         |=====|                         C finished last; before C started, B had finished;
//   B                 |=======|               A overlaps nothing and finished before B started.
//   beside        |=======|                   `beside` was still running when B started: not on the path.
//   C                           |===|         What no child covers is the root's own time.
//
//   path    |r|  A  |r|   B   |r| C |r|
import { maxNs, minNs } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import type { TraceTree } from '../trace/tree.ts';
import { awaitedChildren } from './awaited.ts';
import { isCall, type Timeline } from './timeline.ts';

/**
 * What a piece of the path was spent in:
 * - `own` work of the span;
 * - `network`: a CLIENT span whose SERVER span is known, outside of the latter's time (the way there and back, and
 *   waiting to be accepted);
 * - `queue`: a message on its way from its PRODUCER to its CONSUMER;
 * - `untraced`: a span that waited for children, in a long stretch in which none of them ran.
 */
export type PartKind = 'own' | 'network' | 'queue' | 'untraced';

/** A piece of the root's time and the one span it was spent in. */
export interface PathPart {
  readonly node: SpanNode;
  readonly kind: PartKind;
  /** The service at the other end, for `network`; else the empty string. */
  readonly peer: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

export interface CriticalPath {
  readonly root: SpanNode | undefined;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  /** In order of time, without gap or overlap: their lengths add up to `durationNs`. */
  readonly parts: readonly PathPart[];
}

interface Window {
  readonly node: SpanNode;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

function peerOf(node: SpanNode): string | undefined {
  return node.children.find((child) => isCall(node, child))?.span.service;
}

/** The window of one span as own parts and windows of the children it waited for, the latest first. */
function splitWindow(window: Window, timeline: Timeline): (Window | PathPart)[] {
  const { node, fromNs, toNs } = window;
  const peer = peerOf(node) ?? '';
  const kind: PartKind = peer === '' ? 'own' : 'network';
  const pieces: (Window | PathPart)[] = [];
  const keepOwn = (startNs: bigint, endNs: bigint): void => {
    const [from, to] = [maxNs(startNs, fromNs), minNs(endNs, toNs)];
    if (from < to) pieces.push({ node, kind, peer, startNs: from, endNs: to });
  };
  let cursor = timeline.ends[node.index] as bigint;
  for (const child of awaitedChildren(node, timeline)) {
    if (cursor <= fromNs) break;
    if (child.startNs >= cursor || child.endNs > cursor + child.allowanceNs) continue;
    const endNs = minNs(child.endNs, cursor);
    keepOwn(endNs, cursor);
    const [from, to] = [maxNs(child.startNs, fromNs), minNs(endNs, toNs)];
    if (from < to) pieces.push({ node: child.node, fromNs: from, toNs: to });
    cursor = child.startNs;
  }
  keepOwn(timeline.starts[node.index] as bigint, cursor);
  return pieces;
}

/**
 * The critical path of a trace below `root`, exact: every nanosecond of the root's time belongs to one part.
 * The walk goes backwards from the root's end and takes the child that finished last, then the one that had
 * finished when that one started, and so on; a span that was cut off (a call that timed out) shows the part of
 * its own path that lies before the cut. No recursion; children of children are walked once.
 */
export function findCriticalPath(
  tree: TraceTree,
  timeline: Timeline,
  root: SpanNode | undefined = tree.root,
): CriticalPath {
  if (root === undefined) return { root, startNs: 0n, durationNs: 0n, parts: [] };
  const startNs = timeline.starts[root.index] as bigint;
  const endNs = timeline.ends[root.index] as bigint;
  const parts: PathPart[] = [];
  const open: (Window | PathPart)[] = [{ node: root, fromNs: startNs, toNs: endNs }];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    if ('kind' in piece) parts.push(piece);
    else {
      const pieces = splitWindow(piece, timeline);
      for (let i = pieces.length - 1; i >= 0; i--) open.push(pieces[i] as Window | PathPart);
    }
  }
  return { root, startNs, durationNs: endNs - startNs, parts: parts.reverse() };
}

/** A span on the path with all the time the root spent in it. */
export interface PathSpan {
  readonly node: SpanNode;
  readonly kind: PartKind;
  readonly peer: string;
  /** Time of the span on the path that is not its children's, nanoseconds. */
  readonly selfNs: bigint;
}

/** The spans of a path, each once, parents before their children. */
export function spansOnPath(path: CriticalPath): PathSpan[] {
  const spans = new Map<SpanNode, { -readonly [key in keyof PathSpan]: PathSpan[key] }>();
  for (const { node, kind, peer, startNs, endNs } of path.parts) {
    const known = spans.get(node);
    if (known === undefined) spans.set(node, { node, kind, peer, selfNs: endNs - startNs });
    else known.selfNs += endNs - startNs;
  }
  return [...spans.values()].sort((a, b) => a.node.index - b.node.index);
}
