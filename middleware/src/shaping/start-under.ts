// Decides, as a span starts under another one of this process, whether the budget has room for it.

import { SpanKind } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { keep, SpanNode } from './span-node.ts';
import { isDroppable } from './span-rules.ts';

/** `true` on spans that started after the SERVER span of their request had ended. */
export const AFTER_RESPONSE = 'longpole.after_response';

export function startUnder(parent: SpanNode, span: Span): SpanNode {
  settleRun(parent, span.name);
  const { root } = parent;
  const isKept = !isDroppable(span.kind) || hasRoomUnder(parent);
  const node = new SpanNode(root, span.spanContext(), parent, isKept);
  if (isKept) {
    root.used += 1;
    if (!parent.hasEnded) keep(parent);
  }
  if (root.hasEnded && root.isServer && isWorkOf(span.kind)) span.setAttribute(AFTER_RESPONSE, true);
  return node;
}

/** A span with children stands for itself, and a child of another name ends a run. */
function settleRun(parent: SpanNode, name: string): void {
  const { holder } = parent.root;
  if (parent.heldIn !== undefined) holder.release(parent.heldIn);
  if (parent.hasEnded) return;
  parent.hasChildren = true;
  if (parent.run !== undefined && parent.run.first.name !== name) holder.release(parent.run);
}

/** Below a span that is over the budget there is no room either, or that one would have to be exported too. */
function hasRoomUnder(parent: SpanNode): boolean {
  const { root } = parent;
  return root.used < root.budget && (parent.isKept || parent.hasEnded);
}

function isWorkOf(kind: SpanKind): boolean {
  return kind !== SpanKind.SERVER && kind !== SpanKind.CONSUMER;
}
