// Orders the spans of a trace so that two runs of the same work give the same lines.

import { endOf, type TraceView, type ViewNode } from '../view/trace-view.ts';

type Block = readonly string[];

/** The lines of all spans, each indented below its parent. */
export function canonicalOrder(
  view: TraceView,
  line: (node: ViewNode) => string,
  order: 'kept' | 'any',
): string[] {
  const blocks = new Map<ViewNode, Block>();
  for (const node of view.nodes.toReversed()) {
    const below = arrange(node.children, blocks, order).flat();
    blocks.set(node, [line(node), ...below.map((text) => `  ${text}`)]);
    for (const child of node.children) blocks.delete(child);
  }
  return arrange(view.roots, blocks, order).flat();
}

function arrange(
  nodes: readonly ViewNode[],
  blocks: ReadonlyMap<ViewNode, Block>,
  order: 'kept' | 'any',
): Block[] {
  const groups = order === 'any' ? [nodes] : overlapping(nodes);
  return groups.flatMap((group) => group.map((node) => blocks.get(node) ?? []).sort(byText));
}

/** Siblings in the order of their starts, those together that overlap, directly or by way of another. */
function overlapping(nodes: readonly ViewNode[]): ViewNode[][] {
  const groups: ViewNode[][] = [];
  let end = 0n;
  for (const node of nodes.toSorted((a, b) => Number(a.span.startNs - b.span.startNs))) {
    const last = groups.at(-1);
    if (last !== undefined && node.span.startNs < end) last.push(node);
    else groups.push([node]);
    end = endOf(node) > end ? endOf(node) : end;
  }
  return groups;
}

function byText(a: Block, b: Block): number {
  const [one, other] = [a.join('\n'), b.join('\n')];
  return one < other ? -1 : one > other ? 1 : 0;
}
