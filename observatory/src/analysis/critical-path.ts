// The critical path: which span the root waited for in each nanosecond of its time.
//
//   root    |=========================|       the walk goes backwards from the root's end:
//   A         |=====|                         C finished last; before C started, B had finished;
//   B                 |=======|               A overlaps nothing and finished before B started.
//   beside        |=======|                   `beside` was still running when B started: not on the path.
//   C                           |===|         What no child covers is the root's own time.
//
//   path    |r|  A  |r|   B   |r| C |r|
import type { SpanNode } from '../trace/node.ts';
import type { TraceTree } from '../trace/tree.ts';
import { type Awaited, allowanceOf, findAwaited, lastFirst } from './awaited.ts';
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

/** A time as exact nanoseconds and as an offset for comparisons. */
export interface Moment {
  readonly ns: bigint;
  readonly at: number;
}

/** A stretch of a span's time that has still to be split. */
export interface Window {
  readonly kind?: undefined;
  readonly node: SpanNode;
  readonly from: Moment;
  readonly to: Moment;
  /** What has to be done by `to`: all of the span, cut off there, or only what led up to that moment. */
  readonly leadsUp?: true;
}

/** What stays the same while a path is walked. */
interface Walk {
  readonly timeline: Timeline;
  readonly awaited: Awaited;
  /** From this length on, a stretch without any child counts as untraced. */
  readonly longGap: number;
  /** Windows and finished parts, the earliest last. */
  readonly open: (Window | PathPart)[];
}

/** A stretch without spans is worth a word from 10 ms and a hundredth of the root's time on. */
const LEAST_GAP_NS = 10_000_000;
const LEAST_GAP_SHARE = 0.01;

export function startOf({ index }: SpanNode, { starts, startOffsets }: Timeline): Moment {
  return { ns: starts[index] as bigint, at: startOffsets[index] as number };
}

export function endOf({ index }: SpanNode, { ends, endOffsets }: Timeline): Moment {
  return { ns: ends[index] as bigint, at: endOffsets[index] as number };
}

/** Of two moments at the same offset the second, so that neighbours share their boundary exactly. */
function later(a: Moment, b: Moment): Moment {
  return a.at > b.at ? a : b;
}

function earlier(a: Moment, b: Moment): Moment {
  return a.at < b.at ? a : b;
}

function peerOf(node: SpanNode): string {
  if (node.span.kind !== 'CLIENT') return '';
  return node.children.find((child) => isCall(node, child))?.span.service ?? '';
}

/**
 * Adds a stretch in which the path is in the span itself. From `covered` on some child runs beside the path: only what
 * lies before can be untraced.
 */
function keepOwn(walk: Walk, { node, from, to }: Window, peer: string, covered: Moment | undefined): void {
  if (from.at >= to.at) return;
  const { open, longGap } = walk;
  const gapEnd = covered === undefined ? from : earlier(covered, to);
  if (peer !== '' || gapEnd.at - from.at < longGap) {
    open.push({ node, kind: peer === '' ? 'own' : 'network', peer, startNs: from.ns, endNs: to.ns });
    return;
  }
  if (gapEnd.at < to.at) open.push({ node, kind: 'own', peer, startNs: gapEnd.ns, endNs: to.ns });
  open.push({ node, kind: 'untraced', peer, startNs: from.ns, endNs: gapEnd.at < to.at ? gapEnd.ns : to.ns });
}

/** Splits the window of one span into stretches of its own and windows of the children it waited for. */
function splitWindow(window: Window, walk: Walk): void {
  const { node, from, to } = window;
  const { timeline, awaited, open } = walk;
  const children = node.children.length === 0 ? [] : lastFirst(node, awaited, timeline);
  const peer = peerOf(node);
  const spanStart = startOf(node, timeline);
  let cursor = window.leadsUp ? to : endOf(node, timeline);
  let covered = children.length === 0 ? undefined : cursor;
  const keep = (start: Moment): void => {
    keepOwn(walk, { node, from: later(start, from), to: earlier(cursor, to) }, peer, covered);
  };
  for (const child of children) {
    if (cursor.at <= from.at) return;
    const start = later(startOf(child, timeline), spanStart);
    if (start.at >= cursor.at) continue;
    const length =
      (timeline.endOffsets[child.index] as number) - (timeline.startOffsets[child.index] as number);
    const end = earlier(endOf(child, timeline), endOf(node, timeline));
    if (end.at > cursor.at + allowanceOf(length)) {
      if (covered !== undefined && start.at < covered.at) covered = start;
      continue;
    }
    const until = earlier(end, cursor);
    keep(until);
    const piece: Window = { node: child, from: later(start, from), to: earlier(until, to) };
    if (piece.from.at < piece.to.at) open.push(piece);
    cursor = start;
    if (covered !== undefined && covered.at > cursor.at) covered = cursor;
  }
  keep(spanStart);
}

/**
 * The parts of windows and finished parts that follow each other, in order of time. `wholeNs` is the length of all of
 * them, by which gaps are judged.
 */
export function walkWindows(
  windows: readonly (Window | PathPart)[],
  wholeNs: number,
  timeline: Timeline,
  awaited: Awaited,
): PathPart[] {
  const longGap = Math.max(LEAST_GAP_NS, wholeNs * LEAST_GAP_SHARE);
  const walk: Walk = { timeline, awaited, longGap, open: windows.toReversed() };
  const parts: PathPart[] = [];
  for (let piece = walk.open.pop(); piece !== undefined; piece = walk.open.pop()) {
    if (piece.kind === undefined) splitWindow(piece, walk);
    else parts.push(piece);
  }
  return parts;
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
  awaited: Awaited = findAwaited(tree, timeline),
): CriticalPath {
  if (root === undefined) return { root, startNs: 0n, durationNs: 0n, parts: [] };
  const [from, to] = [startOf(root, timeline), endOf(root, timeline)];
  const parts = walkWindows([{ node: root, from, to }], to.at - from.at, timeline, awaited);
  return { root, startNs: from.ns, durationNs: to.ns - from.ns, parts };
}
