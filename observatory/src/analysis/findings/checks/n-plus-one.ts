// The same call again and again below one span, where one call for all items would do.
import { durationText } from '../../../trace/duration-text.ts';
import { msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import { foldedOf } from '../../folded.ts';
import { callOf } from '../call-of.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import {
  calleeOf,
  durationOf,
  isCallOut,
  isDatabaseCall,
  isFailed,
  labelOf,
  numberOf,
} from '../span-facts.ts';

/** So many times the least number are worth a word however little time they take. */
const MANY_FACTOR = 10;

interface Run {
  calls: SpanNode[];
  count: number;
  totalNs: bigint;
}

/** The call that a child is, or that it wraps: a span of its own work around a single call. */
function callIn(child: SpanNode): SpanNode | undefined {
  if (isCallOut(child.span)) return child;
  if (child.span.kind !== 'INTERNAL' || child.children.length !== 1) return undefined;
  const only = child.children[0];
  return only !== undefined && isCallOut(only.span) ? only : undefined;
}

function isRepeatedWork({ span }: SpanNode): boolean {
  return !isFailed(span) && (numberOf(span, 'http.request.resend_count') ?? 0) === 0;
}

function runsBelow(node: SpanNode, least: number): Map<string, Run> {
  const runs = new Map<string, Run>();
  const isWide = node.children.length >= least;
  for (const child of node.children) {
    const call = callIn(child);
    if (call === undefined || !isRepeatedWork(call)) continue;
    const folded = foldedOf(call.span);
    if (!isWide && folded === undefined) continue;
    const key = callOf(call);
    const run = runs.get(key) ?? { calls: [], count: 0, totalNs: 0n };
    if (run.count === 0) runs.set(key, run);
    run.calls.push(call);
    run.count += folded?.count ?? 1;
    run.totalNs +=
      folded === undefined || folded.totalMs === 0 ? durationOf(call.span) : msToNs(folded.totalMs);
  }
  return runs;
}

function servicesOf({ calls }: Run): string {
  const [first] = calls;
  return first === undefined || isDatabaseCall(first.span) ? '' : calleeOf(first);
}

export const nPlusOne: CheckKind = {
  code: 'n-plus-one',
  start: ({ nPlusOneCalls, nPlusOneMs }) => {
    const book = new CaseBook<{ service: string; operation: string; call: string; callee: string }>();
    const leastNs = msToNs(nPlusOneMs);
    return {
      look: ({ tree: { traceId, nodes } }) => {
        for (const node of nodes) {
          if (node.children.length === 0) continue;
          for (const [call, run] of runsBelow(node, nPlusOneCalls)) {
            if (run.count < nPlusOneCalls) continue;
            if (run.totalNs < leastNs && run.count < nPlusOneCalls * MANY_FACTOR) continue;
            const { service, name: operation } = node.span;
            const parties = { service, operation, call, callee: servicesOf(run) };
            const spans = run.calls.map(({ span }) => span);
            book.add(traceId, parties, { spans, count: run.count, amount: run.totalNs });
          }
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, operation, call, callee } = seen.parties;
          const each = durationText(seen.amount / BigInt(seen.traces));
          return findingOf('n-plus-one', seen, {
            severity: 'warning',
            sentence: `${labelOf(service, operation)} makes the same call up to ${seen.largest} times: ${call}, ${each} in each trace together.`,
            cause: 'A list is read first, and then something for each of its items, one by one.',
            cure: 'Ask once for all items (WHERE id IN (…), a join, a batch endpoint), or keep what was read.',
            services: callee === '' ? [service] : [service, callee],
          });
        });
      },
    };
  },
};
