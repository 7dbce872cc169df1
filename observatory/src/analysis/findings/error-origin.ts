// Where the error of a request began: the way down from its root through what failed.
import type { SpanNode } from '../../trace/node.ts';
import { callOf } from './call-of.ts';

/**
 * How bad the end of a span is: 0 where nothing failed. Of two siblings that failed the worse one is gone into,
 * however much earlier the other one was.
 */
export type Badness = (node: SpanNode) => number;

/** The children of a span; in place of those that failed in nothing and are no calls, their own children. */
function workBelow(node: SpanNode, badness: Badness): SpanNode[] {
  const found: SpanNode[] = [];
  const stack = node.children.toReversed();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const isPassing = next.span.kind === 'INTERNAL' && badness(next) === 0 && next.children.length > 0;
    if (isPassing) stack.push(...next.children.toReversed());
    else found.push(next);
  }
  return found;
}

/** Whether the same call succeeded later on: a retry that went well. */
function isMadeGood(failed: SpanNode, siblings: readonly SpanNode[], badness: Badness): boolean {
  const later = siblings.slice(siblings.indexOf(failed) + 1).filter((one) => badness(one) === 0);
  if (later.length === 0) return false;
  const call = callOf(failed);
  return later.some((one) => one.span.kind === failed.span.kind && callOf(one) === call);
}

/** The child the error came from: the first of the worst, other than those that were made good, where there are any. */
function errorBelow(node: SpanNode, badness: Badness): SpanNode | undefined {
  const siblings = workBelow(node, badness);
  const failed = siblings.filter((one) => badness(one) > 0);
  const lasting = failed.length > 1 ? failed.filter((one) => !isMadeGood(one, siblings, badness)) : [];
  const candidates = lasting.length > 0 ? lasting : failed;
  const worst = candidates.reduce((most, one) => Math.max(most, badness(one)), 0);
  return candidates.find((one) => badness(one) === worst);
}

/**
 * From a span that failed down to the span where its error began, both included: at each level the first child that
 * failed, so that neither what was cleaned up afterwards nor an attempt that was made good is taken for the beginning.
 */
export function errorChain(from: SpanNode, badness: Badness): SpanNode[] {
  const chain: SpanNode[] = [];
  for (let node: SpanNode | undefined = from; node !== undefined; node = errorBelow(node, badness)) {
    chain.push(node);
  }
  return chain;
}
