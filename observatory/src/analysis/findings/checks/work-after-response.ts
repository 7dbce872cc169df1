// Work that a request leaves behind: spans that start when its response is out, or go on long after it.
import { durationText } from '../../../trace/duration-text.ts';
import { msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { localRoots } from '../local-roots.ts';
import { labelOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';

const LEFT_BEHIND = new Set(['INTERNAL', 'CLIENT', 'PRODUCER']);
/** What began in time may end so many times later than what begins too late. */
const OUTLIVING_FACTOR = 20n;

export const workAfterResponse: CheckKind = {
  code: 'work-after-response',
  start: ({ afterResponseMs }) => {
    const book = new CaseBook<{ service: string; operation: string; work: string }>();
    const leastNs = msToNs(afterResponseMs);
    const isLate = ({ span }: SpanNode, request: SpanNode): boolean => {
      if (span.attributes['longpole.after_response'] === true) return true;
      const { endNs } = request.span;
      if (span.startNs > endNs + leastNs) return true;
      // What was given up fails a little after the answer that did not wait for it.
      const isGivenUp = span.status.code === 'ERROR' && span.startNs < endNs;
      return !isGivenUp && span.endNs > endNs + leastNs * OUTLIVING_FACTOR;
    };
    return {
      look: ({ tree }) => {
        const { traceId, nodes } = tree;
        const requests = localRoots(tree);
        const late = new Set<SpanNode>();
        for (const node of nodes) {
          if (!LEFT_BEHIND.has(node.span.kind)) continue;
          const request = requests[node.index] as SpanNode;
          const { kind, service, name: operation } = request.span;
          if (kind !== 'SERVER' || service !== node.span.service || !isLate(node, request)) continue;
          late.add(node);
          if (node.parent !== undefined && late.has(node.parent)) continue;
          const size = Number(node.span.endNs - request.span.endNs);
          const work = templateOf(node.span.name);
          book.add(traceId, { service, operation, work }, { spans: [node.span], size });
        }
      },
      finish: () => {
        return book.close().map((seen) => {
          const { service, operation, work } = seen.parties;
          const late = durationText(BigInt(Math.max(0, seen.largest)));
          return findingOf('work-after-response', seen, {
            severity: 'warning',
            sentence: `${labelOf(service, work)} runs after ${operation || '(no name)'} has answered, up to ${late} later (${seen.count} ${seen.count === 1 ? 'time' : 'times'}).`,
            cause:
              'A promise that nobody awaits, a timer, or work begun after res.end(): an error in it is lost, and so is the work when the process ends.',
            cure: 'Await it before answering, or hand it to a queue and run it with carryContext() and runJob() in a trace of its own.',
            services: [service],
          });
        });
      },
    };
  },
};
