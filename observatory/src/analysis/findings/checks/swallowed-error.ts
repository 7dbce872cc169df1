// Errors that somebody above has made disappear: the work failed, and what it was for is reported as fine.
import type { SpanNode } from '../../../trace/node.ts';
import { callOf } from '../call-of.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { httpStatusOf, isCancelled, isFailed, isRefused, labelOf, textOf } from '../span-facts.ts';

/** Whether the same work was tried again beside it, and worked. */
function wasRepaired(node: SpanNode): boolean {
  const siblings = node.parent?.children ?? [];
  const work = callOf(node);
  return siblings.some((other) => {
    return other.span.startNs >= node.span.endNs && !isFailed(other.span) && callOf(other) === work;
  });
}

/** Whether the span tells that something went wrong: by its status, its answer, or an exception on it. */
function tellsOf({ span }: SpanNode): boolean {
  const isRecorded = span.events.some(({ name }) => name === 'exception');
  return isFailed(span) || isCancelled(span) || isRecorded || (httpStatusOf(span) ?? 0) >= 400;
}

/**
 * The span that has swallowed the error of `node`: its nearest ancestor of the same service that handles a request or
 * message, or stands at the top, when that one and all between are fine.
 */
function swallower(node: SpanNode): SpanNode | undefined {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (above.span.service !== node.span.service || tellsOf(above)) return undefined;
    if (above.span.kind === 'SERVER' || above.span.kind === 'CONSUMER') return above;
    if (above.parent === undefined) return above;
  }
  return undefined;
}

interface Parties extends Readonly<Record<string, string>> {
  readonly service: string;
  readonly operation: string;
  readonly failed: string;
  readonly type: string;
}

function partiesOf(node: SpanNode): Parties | undefined {
  const type = textOf(node.span, 'error.type');
  if (!isFailed(node.span) || isRefused(node.span)) return undefined;
  const above = swallower(node);
  if (above === undefined || wasRepaired(node)) return undefined;
  const { service, name: operation } = above.span;
  return { service, operation, failed: callOf(node), type };
}

function sentenceOf({ service, operation, failed, type }: Parties, count: number): string {
  const what = type === '' ? '' : ` (${type})`;
  const times = count === 1 ? 'once' : `${count} times`;
  return `${failed} failed ${times}${what} inside ${labelOf(service, operation)}, which ended as if nothing had happened.`;
}

export const swallowedError: CheckKind = {
  code: 'swallowed-error',
  start: () => {
    const book = new CaseBook<Parties>();
    return {
      look: ({ tree: { traceId, nodes } }) => {
        for (const node of nodes) {
          const parties = partiesOf(node);
          if (parties !== undefined) book.add(traceId, parties, { spans: [node.span] });
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          return findingOf('swallowed-error', seen, {
            severity: 'warning',
            sentence: sentenceOf(seen.parties, seen.count),
            cause:
              'The error was caught and not passed on: no status, error rate or alert of the request knows of it.',
            cure: 'Let the request fail. Where going on without it is meant, record the exception on the span of the request (span.recordException(error)): then it can be seen and counted.',
            services: [seen.parties.service],
          });
        });
      },
    };
  },
};
