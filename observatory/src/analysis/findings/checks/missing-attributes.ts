// Requests that ended without an attribute the service requires.
import type { AttributeValue } from '../../../trace/span.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';

function namesOf(value: AttributeValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

export const missingAttributes: CheckKind = {
  code: 'missing-attributes',
  start: () => {
    const book = new CaseBook<{ service: string; operation: string }>();
    return {
      look: ({ tree }) => {
        for (const { span } of tree.nodes) {
          const words = namesOf(span.attributes['longpole.missing_attributes']);
          if (words.length === 0) continue;
          book.add(tree.traceId, { service: span.service, operation: span.name }, { spans: [span], words });
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, operation } = seen.parties;
          const names = seen.words.join(', ');
          const times = seen.count === 1 ? 'once' : `${seen.count} times`;
          return findingOf('missing-attributes', seen, {
            severity: 'warning',
            sentence: `${service} · ${operation} ended ${times} without ${names}.`,
            cause: `The service requires ${names} of this route (the option require), and its code did not set it.`,
            cure: `Set it with annotate({ '${seen.words[0]}': … }) in the handler, or name it in tracing({ attributes }).`,
            services: [service],
          });
        });
      },
    };
  },
};
