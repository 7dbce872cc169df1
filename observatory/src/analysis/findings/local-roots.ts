// Which request or message each span of a trace was made for.
import type { SpanNode } from '../../trace/node.ts';
import type { TraceTree } from '../../trace/tree.ts';

/**
 * For each node by its `index` the nearest SERVER or CONSUMER span above it in the same service, or the node itself when
 * it is one; where there is none, the topmost span of that service. One pass: parents come before their children.
 */
export function localRoots({ nodes }: TraceTree): SpanNode[] {
  const roots: SpanNode[] = [];
  for (const node of nodes) {
    const { parent, span } = node;
    const isTop = span.kind === 'SERVER' || span.kind === 'CONSUMER' || parent === undefined;
    const begins = isTop || parent.span.service !== span.service;
    roots.push(begins ? node : (roots[parent.index] as SpanNode));
  }
  return roots;
}
