// Errors that somebody above has made disappear: the work failed, and what it was for is reported as fine.
import type { SpanNode } from '../../../trace/node.ts';
import { callOf } from '../call-of.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { httpStatusOf, isCancelled, isFailed, isRefused, labelOf, textOf } from '../span-facts.ts';

/** Whether the span tells that something went wrong: by its status, its answer, or an exception on it. */
function tellsOf({ span }: SpanNode): boolean {
  const isRecorded = span.events.some(({ name }) => name === 'exception');
  return isFailed(span) || isCancelled(span) || isRecorded || (httpStatusOf(span) ?? 0) >= 400;
}

/**
 * For each node by its `index` the span that would swallow its error: the request or message it was made for, or the top
 * of its service, when that one and all between are fine.
 */
function swallowers(nodes: readonly SpanNode[]): (SpanNode | undefined)[] {
  const found: (SpanNode | undefined)[] = [];
  for (const { parent, span } of nodes) {
    if (parent === undefined || parent.span.service !== span.service || tellsOf(parent))
      found.push(undefined);
    else {
      const { kind } = parent.span;
      const isTop = kind === 'SERVER' || kind === 'CONSUMER' || parent.parent === undefined;
      found.push(isTop ? parent : found[parent.index]);
    }
  }
  return found;
}

/** Work that was tried again beside a failure, and worked: the latest start of each kind that did, by its parent. */
class Repairs {
  readonly #byParent = new Map<SpanNode, Map<string, bigint>>();

  includes(node: SpanNode): boolean {
    const { parent } = node;
    if (parent === undefined) return false;
    const known = this.#byParent.get(parent);
    const worked = known ?? latestSuccesses(parent);
    if (known === undefined) this.#byParent.set(parent, worked);
    return (worked.get(callOf(node)) ?? -1n) >= node.span.endNs;
  }
}

function latestSuccesses({ children }: SpanNode): Map<string, bigint> {
  const latest = new Map<string, bigint>();
  for (const child of children) if (!isFailed(child.span)) latest.set(callOf(child), child.span.startNs);
  return latest;
}

interface Parties extends Readonly<Record<string, string>> {
  readonly service: string;
  readonly operation: string;
  readonly failed: string;
  readonly type: string;
}

function partiesOf(node: SpanNode, above: SpanNode): Parties {
  const { service, name: operation } = above.span;
  return { service, operation, failed: callOf(node), type: textOf(node.span, 'error.type') };
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
        const failed = nodes.filter(({ span }) => isFailed(span) && !isRefused(span));
        if (failed.length === 0) return;
        const above = swallowers(nodes);
        const repairs = new Repairs();
        for (const node of failed) {
          const top = above[node.index];
          if (top === undefined || repairs.includes(node)) continue;
          book.add(traceId, partiesOf(node, top), { spans: [node.span] });
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
