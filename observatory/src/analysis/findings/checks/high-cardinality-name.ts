// Span names with ids or numbers in them: each name is its own operation, and none can be searched or counted.
import { type Case, CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { labelOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';

/** Names whose templates are remembered; then the memory begins anew. */
const MEMORY = 5_000;
/** Numbers outside of paths may be a few shards or steps; from here on they are not. */
const MANY_NAMES = 20;

function isHigh({ parties: { name }, words }: Case<{ name: string }>, distinct: number): boolean {
  if (name.includes('{id}') || name.includes('{email}')) return true;
  const isPath = /\/\{n\}(?=\/|$|\s)/.test(name);
  return words.length >= (isPath ? distinct : MANY_NAMES);
}

export const highCardinalityName: CheckKind = {
  code: 'high-cardinality-name',
  start: ({ distinctNames }) => {
    const book = new CaseBook<{ service: string; name: string }>();
    const templates = new Map<string, string>();
    const remember = (name: string): string => {
      const known = templates.get(name);
      if (known !== undefined) return known;
      if (templates.size >= MEMORY) templates.clear();
      const template = templateOf(name);
      templates.set(name, template);
      return template;
    };
    return {
      look: ({ tree: { traceId, nodes } }) => {
        for (const { span } of nodes) {
          const name = remember(span.name);
          if (name === span.name) continue;
          book.add(traceId, { service: span.service, name }, { spans: [span], words: [span.name] });
        }
      },
      finish: () => {
        const high = book.close().filter((seen) => isHigh(seen, distinctNames));
        return high.map((seen) => {
          const { service, name } = seen.parties;
          const names = seen.words.length >= MANY_NAMES ? `${MANY_NAMES} and more` : `${seen.words.length}`;
          return findingOf('high-cardinality-name', seen, {
            severity: 'warning',
            sentence: `The spans ${labelOf(service, name)} have what varies in their names: ${names} different ${names === '1' ? 'name' : 'names'} on ${seen.count} ${seen.count === 1 ? 'span' : 'spans'}.`,
            cause: 'The name is put together with an id, a number or the URL of the request.',
            cure: 'Name the span after the kind of work (GET /users/:id, process order) and put the value in an attribute.',
            services: [service],
          });
        });
      },
    };
  },
};
