// Work that fails and is tried again at once, several times in a row.
import { durationText } from '../../../trace/duration-text.ts';
import { maxNs, msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import { callOf } from '../call-of.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { calleeOf, durationOf, httpStatusOf, isFailed, isRefused, labelOf } from '../span-facts.ts';

/** So many times the least number of attempts are a storm whatever the pauses. */
const MANY_FACTOR = 2;
const WORTH_ANOTHER_TRY = new Set([408, 425, 429]);

/** Whether trying again can help: it failed, and not because the request itself was wrong. */
function canBeRetried({ span }: SpanNode): boolean {
  if (!isFailed(span)) return false;
  return !isRefused(span) || WORTH_ANOTHER_TRY.has(httpStatusOf(span) ?? 0);
}

/** Rows of attempts among equal work in the order of time: each begins after the one before has failed. */
function rowsOf(nodes: readonly SpanNode[]): SpanNode[][] {
  const rows: SpanNode[][] = [];
  let row: SpanNode[] = [];
  for (const node of nodes) {
    const last = row.at(-1);
    const follows = last !== undefined && canBeRetried(last) && node.span.startNs >= last.span.endNs;
    if (follows) row.push(node);
    else {
      row = [node];
      rows.push(row);
    }
  }
  return rows;
}

/** The longest pause between two attempts, nanoseconds. */
function longestPause(row: readonly SpanNode[]): bigint {
  let longest = 0n;
  row.forEach(({ span }, i) => {
    const before = row[i - 1]?.span;
    if (before !== undefined) longest = maxNs(longest, span.startNs - before.endNs);
  });
  return longest;
}

function byWork(children: readonly SpanNode[]): Map<string, SpanNode[]> {
  const groups = new Map<string, SpanNode[]>();
  for (const child of children) {
    if (child.span.kind === 'SERVER' || child.span.kind === 'CONSUMER') continue;
    const work = callOf(child);
    const known = groups.get(work);
    if (known === undefined) groups.set(work, [child]);
    else known.push(child);
  }
  return groups;
}

export const retryStorm: CheckKind = {
  code: 'retry-storm',
  start: ({ retryAttempts, retryPauseMs }) => {
    const book = new CaseBook<{ service: string; operation: string; work: string; callee: string }>();
    const pauseNs = msToNs(retryPauseMs);
    const isStorm = (row: readonly SpanNode[]): boolean => {
      if (row.length < retryAttempts) return false;
      return row.length >= retryAttempts * MANY_FACTOR || longestPause(row) < pauseNs;
    };
    return {
      look: ({ tree: { traceId, nodes } }) => {
        for (const node of nodes) {
          if (node.children.length < retryAttempts || !node.children.some(canBeRetried)) continue;
          for (const [work, group] of byWork(node.children)) {
            for (const row of rowsOf(group).filter(isStorm)) {
              const spans = row.map(({ span }) => span);
              const wastedNs = spans.filter(isFailed).reduce((sum, span) => sum + durationOf(span), 0n);
              const { service, name: operation } = node.span;
              const callee = row[0]?.span.kind === 'CLIENT' ? calleeOf(row[0]) : '';
              book.add(traceId, { service, operation, work, callee }, { spans, amount: wastedNs });
            }
          }
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, operation, work, callee } = seen.parties;
          const wasted = durationText(seen.amount / BigInt(seen.traces));
          return findingOf('retry-storm', seen, {
            severity: 'warning',
            sentence: `${labelOf(service, operation)} tries ${work} up to ${seen.largest} times in a row; the attempts that failed take ${wasted} of each trace.`,
            cause:
              'What fails is tried again at once, or too often: it adds load to what has no room for it.',
            cure: 'Try fewer times, with growing and random pauses and a deadline over all attempts; createClient() does so. Retry in one place of the chain only.',
            services: callee === '' ? [service] : [service, callee],
          });
        });
      },
    };
  },
};
