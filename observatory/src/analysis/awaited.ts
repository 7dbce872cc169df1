// Which children a span waited for.
import { maxNs, minNs } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import { isCall, type Timeline } from './timeline.ts';

const MILLISECOND_NS = 1_000_000n;

/** A child its parent waited for, within the parent's time. */
export interface Awaited {
  readonly node: SpanNode;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** How far it may reach into what followed and still count as finished before it. */
  readonly allowanceNs: bigint;
}

/**
 * A tenth of the span, or a millisecond as long as that is not more than half of the span. Clocks that start at
 * whole milliseconds make spans that ran one after the other overlap by up to that much, and a response
 * body that nobody reads ends a little after the span that asked for it.
 */
function allowanceOf(durationNs: bigint): bigint {
  return maxNs(durationNs / 10n, minNs(MILLISECOND_NS, durationNs / 2n));
}

function isMessage(parent: SpanNode, child: SpanNode): boolean {
  if (child.span.kind !== 'CONSUMER') return false;
  return parent.span.kind === 'PRODUCER' || parent.span.service !== child.span.service;
}

function followsFrom(parent: SpanNode, child: SpanNode): boolean {
  return child.span.links.some((link) => {
    return link.spanId === parent.span.spanId && link.attributes['opentracing.ref_type'] === 'follows_from';
  });
}

function toAwaited(parent: SpanNode, child: SpanNode, timeline: Timeline): Awaited | undefined {
  const parentEnd = timeline.ends[parent.index] as bigint;
  const ownStart = timeline.starts[child.index] as bigint;
  const ownEnd = timeline.ends[child.index] as bigint;
  const allowanceNs = allowanceOf(ownEnd - ownStart);
  const outlives = ownEnd > parentEnd + allowanceNs && !isCall(parent, child);
  if (outlives || isMessage(parent, child) || followsFrom(parent, child)) return undefined;
  const startNs = maxNs(ownStart, timeline.starts[parent.index] as bigint);
  const endNs = minNs(ownEnd, parentEnd);
  return startNs < endNs ? { node: child, startNs, endNs, allowanceNs } : undefined;
}

function byEnd(a: Awaited, b: Awaited): number {
  if (a.endNs !== b.endNs) return a.endNs > b.endNs ? -1 : 1;
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? -1 : 1;
  return a.node.index - b.node.index;
}

/**
 * The children a span waited for, the one that finished last first, each clipped to the span. Not waited for are
 * consumers of its messages, spans that only follow from it, spans that start after it ended, and
 * spans that outlive it: those run in the background. A SERVER span that outlives its CLIENT is clipped instead:
 * the client waited until it gave up.
 */
export function awaitedChildren(parent: SpanNode, timeline: Timeline): Awaited[] {
  const awaited: Awaited[] = [];
  for (const child of parent.children) {
    const one = toAwaited(parent, child, timeline);
    if (one !== undefined) awaited.push(one);
  }
  return awaited.length > 1 ? awaited.sort(byEnd) : awaited;
}
