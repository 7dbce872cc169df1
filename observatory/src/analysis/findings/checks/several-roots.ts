// Traces that begin more than once: spans without a parent beside the root.
import type { SpanNode } from '../../../trace/node.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { isOpenCall, isProbablyAnsweredBy } from '../open-calls.ts';
import { labelOf } from '../span-facts.ts';

/** Whether it is the other half of a call in the same trace: then the parent was lost on the way, and nothing else. */
function isLostAnswer(root: SpanNode, calls: readonly SpanNode[]): boolean {
  return root.span.kind === 'SERVER' && calls.some((call) => isProbablyAnsweredBy(call.span, root.span));
}

export const severalRoots: CheckKind = {
  code: 'several-roots',
  start: () => {
    const book = new CaseBook<{ service: string; operation: string; mainService: string; main: string }>();
    return {
      look: ({ tree: { traceId, root, roots, nodes } }) => {
        const others = roots.filter((one) => one !== root && one.span.parentSpanId === '');
        if (root === undefined || others.length === 0 || root.span.parentSpanId !== '') return;
        const calls = nodes.filter(isOpenCall);
        for (const other of others) {
          if (isLostAnswer(other, calls)) continue;
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
