// A span in its tree, finished and while the tree grows, and the order of siblings.
import { compareNs } from './nanoseconds.ts';
import type { Span } from './span.ts';

/** A span in its tree. */
export interface SpanNode {
  readonly span: Span;
  readonly parent: SpanNode | undefined;
  /** In order of start, the longer one first. */
  readonly children: readonly SpanNode[];
  /** 0 for a root. */
  readonly depth: number;
  /** Place of the node in the tree's `nodes`. */
  readonly index: number;
}

/** A node while the tree grows. */
export interface GrowingNode {
  span: Span;
  parent: GrowingNode | undefined;
  children: GrowingNode[];
  depth: number;
  index: number;
}

/** Leaves share one list: most spans are leaves. */
const NO_CHILDREN: GrowingNode[] = [];

export function newNode(span: Span): GrowingNode {
  return { span, parent: undefined, children: NO_CHILDREN, depth: 0, index: 0 };
}

export function addChild(parent: GrowingNode, child: GrowingNode): void {
  if (parent.children === NO_CHILDREN) parent.children = [child];
  else parent.children.push(child);
}

/** For `sort`: the earlier start first, of equal ones the longer, then the smaller id. */
export function byStart(a: SpanNode, b: SpanNode): number {
  const earlier = compareNs(a.span.startNs, b.span.startNs) || compareNs(b.span.endNs, a.span.endNs);
  return earlier || (a.span.spanId < b.span.spanId ? -1 : 1);
}

/** Sorts siblings by start; most are in order when they come. */
export function sortByStart(siblings: SpanNode[]): void {
  const isUnsorted = siblings.some((node, i) => i > 0 && byStart(siblings[i - 1] as SpanNode, node) > 0);
  if (isUnsorted) siblings.sort(byStart);
}

/** For `sort`: the longer first, of equal ones the earlier. */
export function byDuration(a: SpanNode, b: SpanNode): number {
  const longer = compareNs(b.span.endNs - b.span.startNs, a.span.endNs - a.span.startNs);
  return longer || byStart(a, b);
}
