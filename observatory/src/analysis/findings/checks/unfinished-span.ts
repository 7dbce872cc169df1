// Spans that never came: something was done inside of them, so they began, and they have not ended or got lost.
import { maxNs, msToNs } from '../../../trace/nanoseconds.ts';
import type { TraceTree } from '../../../trace/tree.ts';
import { CaseBook, nameOf, type SpanName } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { Pending } from '../pending.ts';
import { labelOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';

/** Their parent is in the same process: a SERVER or CONSUMER span may have one that others should have sent. */
const LOCAL = new Set(['INTERNAL', 'CLIENT', 'PRODUCER', 'UNSPECIFIED']);

interface Orphan {
  readonly span: SpanName;
  readonly root: string;
}

function orphansOf({ roots, nodes, root }: TraceTree): Orphan[] {
  const candidates = roots.filter(({ span }) => span.parentSpanId !== '' && LOCAL.has(span.kind));
  if (candidates.length === 0) return [];
  const ids = new Set(nodes.map(({ span }) => span.spanId));
  const orphans = candidates.filter(({ span }) => !ids.has(span.parentSpanId));
  const isWhole = root !== undefined && root.span.parentSpanId === '';
  const label = isWhole ? labelOf(root.span.service, root.span.name) : '';
  return orphans.map(({ span }) => ({ span: nameOf(span), root: label }));
}

function latestEnd({ nodes }: TraceTree): bigint {
  return nodes.reduce((latest, { span }) => maxNs(latest, span.endNs), 0n);
}

export const unfinishedSpan: CheckKind = {
  code: 'unfinished-span',
  start: ({ graceMs }) => {
    const pending = new Pending<{ traceId: string; orphans: readonly Orphan[]; endNs: bigint }>();
    const graceNs = msToNs(graceMs);
    return {
      look: ({ tree }) => {
        const orphans = orphansOf(tree);
        if (orphans.length === 0) return;
        const endNs = latestEnd(tree);
        pending.add(endNs, tree.traceId, { traceId: tree.traceId, orphans, endNs });
      },
      finish: ({ nowNs }) => {
        const book = new CaseBook<{ service: string; child: string; root: string }>();
        for (const { traceId, orphans, endNs } of pending.inOrder()) {
          if (nowNs - endNs < graceNs) continue;
          for (const { span, root } of orphans) {
            const parties = { service: span.service, child: templateOf(span.name), root };
            book.add(traceId, parties, { spans: [span] });
          }
        }
        return book.close().map((seen) => {
          const { service, child, root } = seen.parties;
          const inside = root === '' ? 'the root of its trace is missing' : `it belongs to ${root}`;
          return findingOf('unfinished-span', seen, {
            severity: 'error',
            sentence: `The span of ${service} above ${labelOf(service, child)} never came, in ${seen.traces} ${seen.traces === 1 ? 'trace' : 'traces'}: ${inside}.`,
            cause:
              'It has not ended (the process was killed, the request hangs, or span.end() is not reached on every way out), or it got lost: dropped by a full queue, refused by the backend.',
            cure: `Look at the end of ${service}: its log, its exit, stats().dropped. Make spans with withSpan(), which ends them on every way out, and call shutdown() before the process exits.`,
            services: [service],
          });
        });
      },
      leftOut: () => [{ what: 'traces with spans whose parent is missing', count: pending.leftOut }],
    };
  },
};
