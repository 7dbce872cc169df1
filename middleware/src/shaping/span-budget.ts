// How many spans of one request are exported.

import type { Span } from '@opentelemetry/api';
import { nodeOfSpan } from './known-spans.ts';

export const DEFAULT_SPAN_BUDGET = 200;

/** The number to compare with: `0` stands for no limit. */
export function limitOf(spanBudget: number): number {
  return spanBudget === 0 ? Number.POSITIVE_INFINITY : spanBudget;
}

/** Gives the request that the span belongs to a budget of its own, from now on. */
export function setSpanBudget(span: Span, spanBudget: number): void {
  const node = nodeOfSpan(span);
  if (node !== undefined) node.root.budget = limitOf(spanBudget);
}
