// Reads that wait for each other though neither needs the other's answer.
import { durationText, percentText } from '../../../trace/duration-text.ts';
import { maxNs, msToNs, shareOf } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import type { TraceAnalysis } from '../../analyze-trace.ts';
import { callOf } from '../call-of.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { isIndependentOf, isPlainRead } from '../independent-reads.ts';
import { calleeOf, durationOf, labelOf, localRoot } from '../span-facts.ts';

/** Own work between two calls is part of a chain: it may use what came back. */
const GAP_NS = 5_000_000n;

interface Row {
  readonly calls: readonly SpanNode[];
  readonly savedNs: bigint;
}

/** Rows of reads below `node` of which each begins right after the one before has ended. */
function rowsBelow(node: SpanNode): SpanNode[][] {
  const request = localRoot(node).span;
  const rows: SpanNode[][] = [];
  let row: SpanNode[] = [];
  for (const child of node.children) {
    if (!isPlainRead(child)) {
      row = [];
      continue;
    }
    const last = row.at(-1);
    const gapNs = last === undefined ? 0n : child.span.startNs - last.span.endNs;
    const follows = last !== undefined && gapNs >= -1_000_000n && gapNs <= GAP_NS;
    if (follows && isIndependentOf(child.span, request)) row.push(child);
    else {
      row = [child];
      rows.push(row);
    }
  }
  return rows.filter((one) => one.length > 1 && new Set(one.map(callOf)).size === one.length);
}

/** What is saved when all calls of a row begin with the first; what runs beside them may end later. */
function savedBy(node: SpanNode, row: readonly SpanNode[]): bigint {
  const startNs = row[0]?.span.startNs ?? 0n;
  const endNs = row.at(-1)?.span.endNs ?? 0n;
  let longestNs = 0n;
  for (const { span } of row) longestNs = maxNs(longestNs, durationOf(span));
  let besideNs = startNs + longestNs;
  for (const other of node.children) {
    const isBeside = !row.includes(other) && other.span.startNs < endNs && other.span.endNs > startNs;
    if (isBeside) besideNs = maxNs(besideNs, other.span.endNs);
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

function rowsOf(analysis: TraceAnalysis): Map<SpanNode, Row[]> {
  const found = new Map<SpanNode, Row[]>();
  const candidates = analysis.tree.nodes.filter((node) => node.children.filter(isPlainRead).length > 1);
  if (candidates.length === 0) return found;
  const onPath = nodesOnPath(analysis);
  for (const node of candidates) {
    const rows = rowsBelow(node).filter((row) => row.every((call) => onPath.has(call)));
    if (rows.length > 0) {
      found.set(
        node,
        rows.map((calls) => ({ calls, savedNs: savedBy(node, calls) })),
      );
    }
  }
  return found;
}

export const sequentialCalls: CheckKind = {
  code: 'sequential-calls',
  start: ({ sequentialShare, sequentialMs }) => {
    const book = new CaseBook<{ service: string; operation: string; calls: string; callees: string }>();
    const leastNs = msToNs(sequentialMs);
    return {
      look: (analysis) => {
        const { traceId } = analysis.tree;
        for (const [node, rows] of rowsOf(analysis)) {
          for (const { calls, savedNs } of rows) {
            const share = shareOf(savedNs, analysis.path.durationNs);
            if (savedNs < leastNs || share < sequentialShare) continue;
            const { service, name: operation } = node.span;
            const names = calls.map(callOf).join(', then ');
            const callees = JSON.stringify(calls.map(calleeOf));
            book.add(
              traceId,
              { service, operation, calls: names, callees },
              { spans: calls.map(({ span }) => span), count: 1, size: share, amount: savedNs },
            );
          }
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
