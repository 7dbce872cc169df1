// The tree of a trace: who called whom, with everything that is broken about it said in words.
import { cutCircles, linkParents } from './links.ts';
import { byDuration, byStart, type GrowingNode, type SpanNode, sortByStart } from './node.ts';
import type { Span, Trace } from './span.ts';
import { spanText, type TraceWarning, warnAbout } from './warning.ts';

/** All spans of a trace, each once, under one or more roots. */
export interface TraceTree {
  readonly traceId: string;
  /** The root the trace is about: the longest that has no parent, or the longest of all if every parent is missing. */
  readonly root: SpanNode | undefined;
  /** Every root: the trace's own first, then in order of start. */
  readonly roots: readonly SpanNode[];
  /** Every node, parents before their children, each subtree in one piece. */
  readonly nodes: readonly SpanNode[];
  readonly warnings: readonly TraceWarning[];
}

function inPreorder(roots: readonly GrowingNode[]): GrowingNode[] {
  const nodes: GrowingNode[] = [];
  const stack = roots.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    node.index = nodes.push(node) - 1;
    node.depth = node.parent === undefined ? 0 : node.parent.depth + 1;
    if (node.children.length > 1) sortByStart(node.children);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i] as GrowingNode);
  }
  return nodes;
}

function isProper(root: SpanNode): boolean {
  return root.span.parentSpanId === '';
}

function mainRoot<T extends SpanNode>(roots: readonly T[]): T | undefined {
  const proper = roots.filter(isProper);
  return (proper.length > 0 ? proper : roots).toSorted(byDuration)[0];
}

/** The root the trace is about first, the others in order of start. */
function inOrder<T extends SpanNode>(roots: readonly T[]): T[] {
  const main = mainRoot(roots);
  return roots.toSorted((a, b) => Number(b === main) - Number(a === main) || byStart(a, b));
}

function spansOf(nodes: readonly SpanNode[]): Span[] {
  return nodes.map((node) => node.span);
}

function rootWarnings(roots: readonly SpanNode[], orphans: readonly SpanNode[]): TraceWarning[] {
  const [main, ...others] = roots;
  if (main === undefined) return [];
  const taken = spanText(main.span);
  return [
    ...warnAbout('missing-root', isProper(main) ? [] : [main.span], () => {
      return `The root span is not in the trace (not ended yet, not sampled, or lost): ${taken} is taken as the root.`;
    }),
    ...warnAbout('missing-parent', spansOf(orphans.filter((node) => node !== main)), (count, names) => {
      return `The parent of ${count} is not in the trace: ${names}.`;
    }),
    ...warnAbout('several-roots', spansOf(others.filter(isProper)), (_, names) => {
      return `The trace has several roots: ${taken} is the longest and taken, left aside: ${names}.`;
    }),
  ];
}

function circleWarnings(cut: readonly SpanNode[]): TraceWarning[] {
  return warnAbout('parent-cycle', spansOf(cut), (_, names) => {
    return `The parents form a circle, cut at its earliest span: ${names}.`;
  });
}

function repeatWarnings(repeated: readonly Span[]): TraceWarning[] {
  return warnAbout('duplicate-spans', repeated, (count, names) => {
    return `${count} came more than once and count once: ${names}.`;
  });
}

function durationWarnings(nodes: readonly SpanNode[]): TraceWarning[] {
  const reversed = nodes.filter(({ span }) => span.endNs < span.startNs);
  return warnAbout('ends-before-start', spansOf(reversed), (count, names) => {
    return `${count} ended before the start and count as zero-length: ${names}.`;
  });
}

/**
 * Builds the tree of a trace. Nothing in a trace makes it fail: spans that came twice count once, a missing
 * parent makes a root, a circle of parents is cut at its earliest span; each is told in `warnings`.
 * No recursion: 100 000 spans and chains of any depth are fine. The trace is not changed.
 */
export function buildTree(trace: Trace): TraceTree {
  const links = linkParents(trace.spans);
  const { orphans, repeated } = links;
  let ordered = inOrder(links.roots);
  let nodes = inPreorder(ordered);
  const cut = nodes.length < links.nodes.length ? cutCircles(links) : [];
  if (cut.length > 0) {
    ordered = inOrder([...links.roots, ...cut]);
    nodes = inPreorder(ordered);
  }
  return {
    traceId: trace.traceId,
    root: ordered[0],
    roots: ordered,
    nodes,
    warnings: [
      ...repeatWarnings(repeated),
      ...circleWarnings(cut),
      ...rootWarnings(ordered, orphans),
      ...durationWarnings(nodes),
    ],
  };
}
