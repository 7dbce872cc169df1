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
  readonly warnings: readonly TraceWarning[];
}

/** Up to this, clocks are taken to agree: processes of one machine differ by milliseconds when it is busy. */
const AGREEMENT_NS = 10_000_000n;
/** How far an answer may outlast its call on one clock: a server's `close` comes a little after the client's end. */
const OVERHANG_NS = 5_000_000n;

/** Whether the span answers its parent's call: the parent waited for it, and it runs on a clock of its own. */
export function isCall(parent: SpanNode, child: SpanNode): boolean {
  return parent.span.kind === 'CLIENT' && child.span.kind === 'SERVER';
}

function hasOwnClock(parent: SpanNode, child: SpanNode): boolean {
  return isCall(parent, child) || parent.span.service !== child.span.service;
}

interface Times {
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Whether the answer starts in its call and ends so little after it that clocks may agree: 5 ms or a twentieth of the call. */
function mayAgree(answer: Times, call: Times): boolean {
  const allowedNs = maxNs(OVERHANG_NS, (call.endNs - call.startNs) / 20n);
  return answer.startNs < call.endNs && answer.endNs - call.endNs <= allowedNs;
}

/** The least by which an answer must move to lie within its call; 0 when it may stay. */
function shiftIntoCall(answer: Times, call: Times, gaveUp: boolean): bigint {
  if (answer.startNs < call.startNs) return call.startNs - answer.startNs;
  const fits = answer.endNs - answer.startNs <= call.endNs - call.startNs;
  if (gaveUp || !fits || answer.endNs <= call.endNs || mayAgree(answer, call)) return 0n;
  return call.endNs - answer.endNs;
}

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

function placeNode(
  node: SpanNode,
  parent: SpanNode,
  starts: bigint[],
  ends: bigint[],
  shifts: bigint[],
): bigint {
  const inherited = shifts[parent.index] as bigint;
  if (!hasOwnClock(parent, node)) return inherited;
  const { startNs } = node.span;
  const endNs = maxNs(startNs, node.span.endNs);
  const caller: Times = { startNs: starts[parent.index] as bigint, endNs: ends[parent.index] as bigint };
  if (!isCall(parent, node)) return startNs < caller.startNs ? caller.startNs - startNs : 0n;
  return shiftIntoCall({ startNs, endNs }, caller, parent.span.status.code === 'ERROR');
}

/**
 * Puts all spans of a tree on the clock of their root. A SERVER span that does not lie within the CLIENT span
 * that called it is moved by the least that makes it fit (its subtree of the same service with it). It stays when it
 * starts in the call and ends a few milliseconds after it, when the call failed and the client may have gone before
 * the server was done, and when it ran longer than the call. A span of another service that starts before its
 * parent is moved to the parent's start. Within one service nothing is moved.
 */
export function alignClocks(tree: TraceTree): Timeline {
  const starts: bigint[] = [];
  const ends: bigint[] = [];
  const shifts: bigint[] = [];
  const moved: Moved[] = [];
  const early: SpanNode[] = [];
  for (const node of tree.nodes) {
    const { parent, span } = node;
    const shiftNs = parent === undefined ? 0n : placeNode(node, parent, starts, ends, shifts);
    const start = shiftNs === 0n ? span.startNs : span.startNs + shiftNs;
    shifts.push(shiftNs);
    starts.push(start);
    ends.push(maxNs(start, shiftNs === 0n ? span.endNs : span.endNs + shiftNs));
    if (parent === undefined) continue;
    if (hasOwnClock(parent, node)) {
      if (absolute(shiftNs) > AGREEMENT_NS) moved.push({ node, parent, shiftNs });
    } else if ((starts[parent.index] as bigint) - start > AGREEMENT_NS) early.push(node);
  }
  return { starts, ends, warnings: [...skewWarnings(moved), ...earlyWarnings(early)] };
}
