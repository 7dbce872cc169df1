// A captured trace as the matchers walk it: every span with its parent, in the order of its drawing.

import type { CapturedNode, CapturedSpan, CapturedTrace } from '../captured.ts';

export interface ViewNode {
  readonly span: CapturedSpan;
  readonly parent: ViewNode | undefined;
  readonly children: readonly ViewNode[];
  /** Place among the nodes of the view. */
  readonly index: number;
}

export interface TraceView {
  readonly trace: CapturedTrace;
  readonly roots: readonly ViewNode[];
  /** Parents before their children, each subtree in one piece. */
  readonly nodes: readonly ViewNode[];
}

type GrowingNode = ViewNode & { readonly children: ViewNode[] };

const views = new WeakMap<CapturedTrace, TraceView>();

/** The view of a trace, made once: nodes of two calls are the same objects. */
export function viewOf(trace: CapturedTrace): TraceView {
  const known = views.get(trace);
  if (known !== undefined) return known;
  const view = makeView(trace);
  views.set(trace, view);
  return view;
}

function makeView(trace: CapturedTrace): TraceView {
  const nodes: GrowingNode[] = [];
  const open: { from: CapturedNode; parent: GrowingNode | undefined }[] = [];
  for (const root of trace.roots.toReversed()) open.push({ from: root, parent: undefined });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node: GrowingNode = {
      span: next.from.span,
      parent: next.parent,
      children: [],
      index: nodes.length,
    };
    next.parent?.children.push(node);
    nodes.push(node);
    for (const child of next.from.children.toReversed()) open.push({ from: child, parent: node });
  }
  return { trace, roots: nodes.filter(({ parent }) => parent === undefined), nodes };
}

export function isAncestor(one: ViewNode, of: ViewNode): boolean {
  for (let node = of.parent; node !== undefined; node = node.parent) if (node === one) return true;
  return false;
}

/** When a span ended; one that is open has no end yet and counts as endless. */
export function endOf({ span }: ViewNode): bigint {
  return span.endNs ?? 2n ** 63n;
}

/** 0 when there are none. */
export function earliestStart(nodes: readonly ViewNode[]): bigint {
  return nodes.map(({ span }) => span.startNs).sort(byTime)[0] ?? 0n;
}

/** 0 when there are none. */
export function latestEnd(nodes: readonly ViewNode[]): bigint {
  return nodes.map(endOf).sort(byTime).at(-1) ?? 0n;
}

function byTime(a: bigint, b: bigint): number {
  return Number(a - b);
}

/** Milliseconds between two times of a trace. */
export function msBetween(fromNs: bigint, toNs: bigint): number {
  return Number(toNs - fromNs) / 1e6;
}
