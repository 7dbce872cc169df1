// Traces that begin more than once: spans without a parent beside the root.
import { byStart, type SpanNode } from '../../../trace/node.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { answerFrom, callFrom, matchAnswers } from '../match-answers.ts';
import { isOpenCall } from '../open-calls.ts';
import { labelOf } from '../span-facts.ts';

/**
 * The roots that are not the other half of a call in the same trace: of those the parent was lost on the way, and that is
 * another finding.
 */
function ownRoots(others: readonly SpanNode[], nodes: readonly SpanNode[]): SpanNode[] {
  const byId = new Map(others.map((node) => [node.span.spanId, node]));
  const calls = nodes.filter(isOpenCall).sort(byStart).map(callFrom);
  const servers = others.filter(({ span }) => span.kind === 'SERVER').sort(byStart);
  const { pairs } = matchAnswers(calls, servers.map(answerFrom));
  for (const { answer } of pairs) byId.delete(answer.spanId);
  return [...byId.values()];
}

export const severalRoots: CheckKind = {
  code: 'several-roots',
  start: () => {
    const book = new CaseBook<{ service: string; operation: string; mainService: string; main: string }>();
    return {
      look: ({ tree: { traceId, root, roots, nodes } }) => {
        const others = roots.filter((one) => one !== root && one.span.parentSpanId === '');
        if (root === undefined || others.length === 0 || root.span.parentSpanId !== '') return;
        for (const other of ownRoots(others, nodes)) {
          const { service, name: operation } = other.span;
          const parties = { service, operation, mainService: root.span.service, main: root.span.name };
          book.add(traceId, parties, { spans: [other.span] });
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, operation, mainService, main } = seen.parties;
          const times = seen.count === 1 ? 'once' : `${seen.count} times`;
          return findingOf('several-roots', seen, {
            severity: 'warning',
            sentence: `${labelOf(service, operation)} begins ${times} beside ${labelOf(mainService, main)} in the same trace, without a parent.`,
            cause:
              'A trace id was used again for other work: it is made from an id of the application, or kept in a variable that outlives the request.',
            cure: 'Let the tracer make the ids. Where work belongs to the request, start its span in the request’s context; where it does not, give it a trace of its own and a link.',
            services: [service, mainService],
          });
        });
      },
    };
  },
};
