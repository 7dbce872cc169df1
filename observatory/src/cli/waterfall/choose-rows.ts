// Which spans of a trace get a row: all of a small trace, of a large one what the verdict rests on.

import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { spansOnPath } from '../../analysis/path-spans.ts';
import { compareNs } from '../../trace/nanoseconds.ts';
import type { SpanNode } from '../../trace/node.ts';

/** A row of the waterfall: a span, or a count of spans that have none. */
export type Row =
  | { readonly node: SpanNode }
  | { readonly hidden: number; readonly hiddenOnPath: number; readonly depth: number };

/** Traces of up to this many spans are shown whole. */
const WHOLE = 60;
const MOST_SPANS = 36;
/** Of the largest groups of the path some spans each: a loop of a thousand queries does not fill the screen. */
const MOST_GROUPS = 6;
const MOST_OF_A_GROUP = 3;
const MOST_FAILED = 6;
const MOST_OF_THE_LONGEST = 18;
const LONGEST_CHAIN = 6;

/** The first `count` items in the order of `compare`, without sorting the rest. */
function leading<T>(items: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  for (const item of items) {
    const last = kept.at(-1);
    if (kept.length === count && last !== undefined && compare(item, last) >= 0) continue;
    const place = kept.findIndex((other) => compare(item, other) < 0);
    kept.splice(place === -1 ? kept.length : place, 0, item);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

/** Ancestors that are not shown yet, if they are few enough to be shown with their descendant. */
function missingAncestors(node: SpanNode, chosen: ReadonlySet<SpanNode>): SpanNode[] {
  const chain: SpanNode[] = [];
  for (let up = node.parent; up !== undefined && !chosen.has(up); up = up.parent) {
    chain.push(up);
    if (chain.length > LONGEST_CHAIN) return chain.slice(0, 1);
  }
  return chain;
}

function durationOf({ span }: SpanNode): bigint {
  return span.endNs - span.startNs;
}

/** The spans with the largest time of their own on the path, some of each of the largest groups. */
function largestOnPath({ path, groups }: TraceAnalysis): SpanNode[] {
  const spans = spansOnPath(path);
  return groups.slice(0, MOST_GROUPS).flatMap(({ service, operation, peer }) => {
    const ofGroup = spans.filter(({ node: { span }, ...one }) => {
      return span.service === service && span.name === operation && one.peer === peer;
    });
    const largest = leading(ofGroup, MOST_OF_A_GROUP, (a, b) => compareNs(b.selfNs, a.selfNs));
    return largest.map(({ node }) => node);
  });
}

function chooseSpans(analysis: TraceAnalysis): ReadonlySet<SpanNode> {
  const { nodes, roots } = analysis.tree;
  const chosen = new Set<SpanNode>(roots.slice(0, 3));
  const choose = (wanted: readonly SpanNode[]): void => {
    for (const node of wanted) {
      const rows = [node, ...missingAncestors(node, chosen)];
      if (chosen.size + rows.length <= MOST_SPANS) for (const row of rows) chosen.add(row);
    }
  };
  choose(largestOnPath(analysis));
  const failed = nodes.filter((node) => node.span.status.code === 'ERROR');
  choose(leading(failed, MOST_FAILED, (a, b) => b.depth - a.depth));
  choose(leading(nodes, MOST_OF_THE_LONGEST, (a, b) => compareNs(durationOf(b), durationOf(a))));
  return chosen;
}

/** The rows of a trace in the order of its tree; spans left out are counted where they would stand. */
export function chooseRows(analysis: TraceAnalysis): Row[] {
  const { nodes } = analysis.tree;
  if (nodes.length <= WHOLE) return nodes.map((node) => ({ node }));
  const chosen = chooseSpans(analysis);
  const onPath = new Set(analysis.path.parts.map((part) => part.node));
  const rows: Row[] = [];
  for (const node of nodes) {
    const last = rows.at(-1);
    if (chosen.has(node)) rows.push({ node });
    else if (last !== undefined && 'hidden' in last) {
      const hiddenOnPath = last.hiddenOnPath + Number(onPath.has(node));
      rows[rows.length - 1] = { ...last, hidden: last.hidden + 1, hiddenOnPath };
    } else rows.push({ hidden: 1, hiddenOnPath: Number(onPath.has(node)), depth: node.depth });
  }
  return rows;
}
