// Which children a span waited for.
import type { SpanNode } from '../trace/node.ts';
import type { TraceTree } from '../trace/tree.ts';
import { isCall, type Timeline } from './timeline.ts';

const MILLISECOND_NS = 1_000_000;

/**
 * How far a span may reach into what followed and still count as finished before it, nanoseconds: a tenth of the
 * span, or a millisecond as long as that is not more than half of the span. Clocks that start at whole milliseconds
 * make spans that ran one after the other overlap by up to that much, and a response body that nobody reads ends a
 * little after the span that asked for it.
 */
export function allowanceOf(durationNs: number): number {
  return Math.max(Math.floor(durationNs / 10), Math.min(MILLISECOND_NS, Math.floor(durationNs / 2)));
}

/** Whether the child handles a message that the parent sent. */
export function isMessage(parent: SpanNode, child: SpanNode): boolean {
  if (child.span.kind !== 'CONSUMER') return false;
  return parent.span.kind === 'PRODUCER' || parent.span.service !== child.span.service;
}

function followsFrom(parent: SpanNode, child: SpanNode): boolean {
  if (child.span.links.length === 0) return false;
  return child.span.links.some((link) => {
    return link.spanId === parent.span.spanId && link.attributes['opentracing.ref_type'] === 'follows_from';
  });
}

/** Whether the parent went on without the child: a message, a span that only follows from it, work after the response. */
function isDetached(parent: SpanNode, child: SpanNode): boolean {
  if (child.span.attributes['longpole.after_response'] === true) return true;
  return isMessage(parent, child) || followsFrom(parent, child);
}

function isAwaited(parent: SpanNode, child: SpanNode, { startOffsets, endOffsets }: Timeline): boolean {
  const start = startOffsets[child.index] as number;
  const end = endOffsets[child.index] as number;
  const parentStart = startOffsets[parent.index] as number;
  const parentEnd = endOffsets[parent.index] as number;
  if (Math.max(start, parentStart) >= Math.min(end, parentEnd)) return false;
  const outlives = end > parentEnd && end > parentEnd + allowanceOf(end - start) && !isCall(parent, child);
  return !outlives && !isDetached(parent, child);
}

/** 1 for each node, by its `index`, that its parent waited for. */
export type Awaited = Uint8Array;

/**
 * Tells for each span whether its parent waited for it. Not waited for are consumers of the parent's messages, spans
 * that only follow from it, spans marked `longpole.after_response`, spans that start after the parent ended, and spans
 * that outlive it: those run in the background. A SERVER span that outlives its CLIENT is waited for up to the end of
 * the CLIENT span: that is when the client gave up. Spans without length take no time and count as not waited for.
 */
export function findAwaited({ nodes }: TraceTree, timeline: Timeline): Awaited {
  const awaited = new Uint8Array(nodes.length);
  for (const node of nodes) {
    if (node.parent !== undefined && isAwaited(node.parent, node, timeline)) awaited[node.index] = 1;
  }
  return awaited;
}

/**
 * The children a span waited for, the one that finished last first; of those that finished together the one that
 * started first.
 */
export function lastFirst(
  parent: SpanNode,
  awaited: Awaited,
  { startOffsets, endOffsets }: Timeline,
): SpanNode[] {
  const parentStart = startOffsets[parent.index] as number;
  const parentEnd = endOffsets[parent.index] as number;
  const compare = (a: SpanNode, b: SpanNode): number => {
    const ends =
      Math.min(endOffsets[b.index] as number, parentEnd) - Math.min(endOffsets[a.index] as number, parentEnd);
    if (ends !== 0) return ends;
    const startOf = (node: SpanNode): number => Math.max(startOffsets[node.index] as number, parentStart);
    return startOf(a) - startOf(b) || a.index - b.index;
  };
  const waitedFor: SpanNode[] = [];
  let isSorted = true;
  for (let i = parent.children.length - 1; i >= 0; i--) {
    const child = parent.children[i] as SpanNode;
    if (awaited[child.index] === 0) continue;
    const last = waitedFor[waitedFor.length - 1];
    if (last !== undefined && compare(last, child) > 0) isSorted = false;
    waitedFor.push(child);
  }
  return isSorted ? waitedFor : waitedFor.sort(compare);
}
