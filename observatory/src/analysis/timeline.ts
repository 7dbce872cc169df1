// When each span of a tree ran on one common clock: skewed services moved, by causality, and said so.
import { durationText } from '../trace/duration-text.ts';
import { maxNs } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import type { TraceTree } from '../trace/tree.ts';
import { type TraceWarning, warnAbout } from '../trace/warning.ts';

/** Start and end of each node by its `index`, in nanoseconds on the clock of the root; an end is never before its start. */
export interface Timeline {
  readonly starts: readonly bigint[];
  readonly ends: readonly bigint[];
  /** The same as nanoseconds after the root's start, for fast arithmetic: exact up to 104 days away from it. */
  readonly startOffsets: Float64Array;
  readonly endOffsets: Float64Array;
  readonly warnings: readonly TraceWarning[];
}

/** Up to this, clocks are taken to agree: processes of one machine differ by milliseconds when it is busy. */
const AGREEMENT_NS = 10_000_000;
/** How far an answer may outlast its call on one clock: a server's `close` comes a little after the client's end. */
const OVERHANG_NS = 5_000_000;

/** Whether the span answers its parent's call: the parent waited for it, and it runs on a clock of its own. */
export function isCall(parent: SpanNode, child: SpanNode): boolean {
  return parent.span.kind === 'CLIENT' && child.span.kind === 'SERVER';
}

function hasOwnClock(parent: SpanNode, child: SpanNode): boolean {
  return isCall(parent, child) || parent.span.service !== child.span.service;
}

/** Start and end as offsets. */
interface Times {
  readonly start: number;
  readonly end: number;
}

/** Whether the answer starts in its call and ends so little after it that clocks may agree: 5 ms or a twentieth of the call. */
function mayAgree(answer: Times, call: Times): boolean {
  const allowed = Math.max(OVERHANG_NS, Math.floor((call.end - call.start) / 20));
  return answer.start < call.end && answer.end - call.end <= allowed;
}

/** Which of its ends an answer must be moved to, for it to lie within its call by the least movement. */
function edgeOfCall(answer: Times, call: Times, gaveUp: boolean): 'start' | 'end' | undefined {
  if (answer.start < call.start) return 'start';
  const fits = answer.end - answer.start <= call.end - call.start;
  if (gaveUp || !fits || answer.end <= call.end || mayAgree(answer, call)) return undefined;
  return 'end';
}

/** A span that was moved. */
interface Moved {
  readonly node: SpanNode;
  readonly parent: SpanNode;
  readonly shiftNs: bigint;
}

function absolute(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}

function skewWarnings(moved: readonly Moved[]): TraceWarning[] {
  const byPair = new Map<string, Moved[]>();
  for (const one of moved) {
    const pair = JSON.stringify([one.parent.span.service, one.node.span.service]);
    const group = byPair.get(pair);
    if (group === undefined) byPair.set(pair, [one]);
    else group.push(one);
  }
  return [...byPair.values()].flatMap((group) => {
    const worst = group.reduce((a, b) => (absolute(b.shiftNs) > absolute(a.shiftNs) ? b : a));
    const [callee, caller] = [worst.node.span.service, worst.parent.span.service];
    const direction = worst.shiftNs > 0n ? 'behind' : 'ahead of';
    const spans = group.map((one) => one.node.span);
    return warnAbout('clock-skew', spans, () => {
      const skew = durationText(absolute(worst.shiftNs));
      return `The clock of ${callee} is at least ${skew} ${direction} that of ${caller}: its spans are moved to lie within its callers'.`;
    });
  });
}

function earlyWarnings(early: readonly SpanNode[]): TraceWarning[] {
  const spans = early.map((node) => node.span);
  return warnAbout('starts-before-parent', spans, (count, names) => {
    return `${count} started before the parent in the same service; only what lies within the parent counts: ${names}.`;
  });
}

/** The times of a tree while its spans are put on one clock. */
interface Clocks {
  readonly baseNs: bigint;
  readonly starts: bigint[];
  readonly ends: bigint[];
  readonly startOffsets: Float64Array;
  readonly endOffsets: Float64Array;
  /** By how much nodes were moved: those that were, by their `index`. */
  readonly shifts: Map<number, bigint>;
}

function write(clocks: Clocks, index: number, startNs: bigint, endNs: bigint): void {
  clocks.starts[index] = startNs;
  clocks.ends[index] = endNs;
  clocks.startOffsets[index] = Number(startNs - clocks.baseNs);
  clocks.endOffsets[index] = Number(endNs - clocks.baseNs);
}

/** By how much a node with a clock of its own must be moved. */
function shiftOf({ span, index }: SpanNode, parent: SpanNode, clocks: Clocks): bigint {
  const { starts, ends, startOffsets, endOffsets } = clocks;
  const own: Times = { start: startOffsets[index] as number, end: endOffsets[index] as number };
  const caller: Times = {
    start: startOffsets[parent.index] as number,
    end: endOffsets[parent.index] as number,
  };
  const isEarly = own.start < caller.start;
  if (!isEarly && parent.span.kind !== 'CLIENT') return 0n;
  if (!isEarly && span.kind !== 'SERVER') return 0n;
  const edge = edgeOfCall(own, caller, parent.span.status.code === 'ERROR');
  if (edge === 'start') return (starts[parent.index] as bigint) - span.startNs;
  if (edge === 'end') return (ends[parent.index] as bigint) - maxNs(span.startNs, span.endNs);
  return 0n;
}

/** Moves a node, whose parent is in its place, onto the clock of the root; returns by how much. */
function align(node: SpanNode, parent: SpanNode, isOwnClock: boolean, clocks: Clocks): bigint {
  const { index, span } = node;
  const shift = isOwnClock ? shiftOf(node, parent, clocks) : (clocks.shifts.get(parent.index) ?? 0n);
  if (shift === 0n) return shift;
  clocks.shifts.set(index, shift);
  write(clocks, index, span.startNs + shift, maxNs(span.startNs, span.endNs) + shift);
  return shift;
}

/**
 * Puts all spans of a tree on the clock of their root. A SERVER span that does not lie within the CLIENT span
 * that called it is moved by the least that makes it fit (its subtree of the same service with it). It stays when it
 * starts in the call and ends a few milliseconds after it, when the call failed and the client may have gone before
 * the server was done, and when it ran longer than the call. A span of another service that starts before its
 * parent is moved to the parent's start. Within one service nothing is moved.
 */
export function alignClocks(tree: TraceTree): Timeline {
  const { nodes, root } = tree;
  const [startOffsets, endOffsets] = [new Float64Array(nodes.length), new Float64Array(nodes.length)];
  const baseNs = root?.span.startNs ?? 0n;
  const clocks: Clocks = { baseNs, starts: [], ends: [], startOffsets, endOffsets, shifts: new Map() };
  const moved: Moved[] = [];
  const early: SpanNode[] = [];
  for (const node of nodes) {
    const { parent, span, index } = node;
    write(clocks, index, span.startNs, maxNs(span.startNs, span.endNs));
    if (parent === undefined) continue;
    const isOwnClock = hasOwnClock(parent, node);
    const shiftNs = align(node, parent, isOwnClock, clocks);
    if (isOwnClock) {
      if (absolute(shiftNs) > AGREEMENT_NS) moved.push({ node, parent, shiftNs });
    } else if ((startOffsets[parent.index] as number) - (startOffsets[index] as number) > AGREEMENT_NS) {
      early.push(node);
    }
  }
  const { starts, ends } = clocks;
  return {
    starts,
    ends,
    startOffsets,
    endOffsets,
    warnings: [...skewWarnings(moved), ...earlyWarnings(early)],
  };
}
