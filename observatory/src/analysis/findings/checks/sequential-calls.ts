// Reads that wait for each other though neither needs the other's answer.
import { durationText, percentText } from '../../../trace/duration-text.ts';
import { maxNs, msToNs, shareOf } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import type { Span } from '../../../trace/span.ts';
import type { TraceAnalysis } from '../../analyze-trace.ts';
import { callOf } from '../call-of.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { isIndependentOf, isPlainRead } from '../independent-reads.ts';
import { localRoots } from '../local-roots.ts';
import { calleeOf, durationOf, labelOf } from '../span-facts.ts';

/** Own work between two calls is part of a chain: it may use what came back. */
const GAP_NS = 5_000_000n;
/** Clocks of whole milliseconds make spans overlap that ran one after the other. */
const OVERLAP_NS = -1_000_000n;

interface Row {
  readonly calls: readonly SpanNode[];
  readonly savedNs: bigint;
}

/** Rows of reads below `node` of which each begins right after the one before has ended. */
function rowsBelow(node: SpanNode, request: Span): SpanNode[][] {
  const rows: SpanNode[][] = [];
  let row: SpanNode[] = [];
  for (const child of node.children) {
    if (!isPlainRead(child)) {
      row = [];
      continue;
    }
    const last = row.at(-1);
    const gapNs = last === undefined ? 0n : child.span.startNs - last.span.endNs;
    const follows = last !== undefined && gapNs >= OVERLAP_NS && gapNs <= GAP_NS;
    if (follows && isIndependentOf(child.span, request)) row.push(child);
    else {
      row = [child];
      rows.push(row);
    }
  }
  return rows.filter((one) => one.length > 1 && new Set(one.map(callOf)).size === one.length);
}

/** For each child of `node` the latest end of those before it. */
function endsBefore({ children }: SpanNode): Map<SpanNode, bigint> {
  const ends = new Map<SpanNode, bigint>();
  let latestNs = 0n;
  for (const child of children) {
    ends.set(child, latestNs);
    latestNs = maxNs(latestNs, child.span.endNs);
  }
  return ends;
}

/** The place behind `last` among children in the order of their starts. */
function placeAfter(children: readonly SpanNode[], last: SpanNode): number {
  let [low, high] = [0, children.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((children[middle] as SpanNode).index <= last.index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is saved when all calls of a row begin with the first; what runs beside them may end later. */
function savedBy({ children }: SpanNode, row: readonly SpanNode[], before: Map<SpanNode, bigint>): bigint {
  const [first, last] = [row[0] as SpanNode, row.at(-1) as SpanNode];
  const { endNs } = last.span;
  let longestNs = 0n;
  for (const { span } of row) longestNs = maxNs(longestNs, durationOf(span));
  let besideNs = maxNs(first.span.startNs + longestNs, before.get(first) ?? 0n);
  for (let i = placeAfter(children, last); i < children.length; i++) {
    const other = children[i] as SpanNode;
    if (other.span.startNs >= endNs) break;
    besideNs = maxNs(besideNs, other.span.endNs);
  }
  return maxNs(0n, endNs - besideNs);
}

/** Spans whose time, or whose descendants' time, is on the path. */
function nodesOnPath({ path }: TraceAnalysis): Set<SpanNode> {
  const on = new Set<SpanNode>();
  for (const part of path.parts) {
    for (let node: SpanNode | undefined = part.node; node !== undefined && !on.has(node); ) {
      on.add(node);
      node = node.parent;
    }
  }
  return on;
}

function rowsOf(analysis: TraceAnalysis): { node: SpanNode; row: Row }[] {
  const { tree } = analysis;
  const candidates = tree.nodes.filter((node) => node.children.filter(isPlainRead).length > 1);
  if (candidates.length === 0) return [];
  const onPath = nodesOnPath(analysis);
  const requests = localRoots(tree);
  return candidates.flatMap((node) => {
    const request = requests[node.index] as SpanNode;
    const rows = rowsBelow(node, request.span).filter((row) => row.every((call) => onPath.has(call)));
    if (rows.length === 0) return [];
    const before = endsBefore(node);
    return rows.map((calls) => ({ node, row: { calls, savedNs: savedBy(node, calls, before) } }));
  });
}

export const sequentialCalls: CheckKind = {
  code: 'sequential-calls',
  start: ({ sequentialShare, sequentialMs }) => {
    const book = new CaseBook<{ service: string; operation: string; calls: string; callees: string }>();
    const leastNs = msToNs(sequentialMs);
    return {
      look: (analysis) => {
        const { traceId } = analysis.tree;
        for (const { node, row } of rowsOf(analysis)) {
          const { calls, savedNs } = row;
          const share = shareOf(savedNs, analysis.path.durationNs);
          if (savedNs < leastNs || share < sequentialShare) continue;
          const { service, name: operation } = node.span;
          const names = calls.map(callOf).join(', then ');
          const callees = JSON.stringify(calls.map(calleeOf));
          const spans = calls.map(({ span }) => span);
          const parties = { service, operation, calls: names, callees };
          book.add(traceId, parties, { spans, count: 1, size: share, amount: savedNs });
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, operation, calls, callees } = seen.parties;
          const saved = durationText(seen.amount / BigInt(seen.traces));
          return findingOf('sequential-calls', seen, {
            severity: 'warning',
            sentence: `${labelOf(service, operation)} waits for ${calls}, one after the other: side by side they would save ${saved} of each trace (up to ${percentText(seen.largest)}).`,
            cause: 'One await after another, where nothing of the first answer is in the second question.',
            cure: 'Start them together and wait for both: await Promise.all([…]). If the second must not happen unless the first succeeds, leave it and ignore this finding.',
            services: [service, ...(JSON.parse(callees) as string[]).filter((name) => name !== '')],
          });
        });
      },
    };
  },
};
