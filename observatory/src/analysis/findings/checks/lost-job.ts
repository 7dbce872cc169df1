// Messages that were sent and never processed: PRODUCER spans that no CONSUMER span is linked to.
import { durationText } from '../../../trace/duration-text.ts';
import { maxNs, minNs, msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import type { Span } from '../../../trace/span.ts';
import { CaseBook, nameOf, type SpanName } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { MAX_PENDING } from '../pending.ts';
import { SmallestMap } from '../smallest.ts';
import { labelOf, textOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';

/** A job may wait so many times longer than the slowest that came before it counts as lost. */
const PATIENCE = 3n;
const MAX_KINDS = 2_000;

/** What is kept of a PRODUCER span. */
interface Sent extends SpanName {
  readonly kind: string;
  readonly endNs: bigint;
}

/** One message: what was sent and when it was first taken. */
interface Message {
  sent: Sent | undefined;
  takenNs: bigint | undefined;
}

/** Where messages go: those of one kind take similar times. */
function kindOf(span: Span): string {
  return textOf(span, 'messaging.destination.name') || labelOf(span.service, templateOf(span.name));
}

/** The spans a CONSUMER came from: its links, and its parent. */
function originsOf({ span, parent }: SpanNode): string[] {
  const ids = span.links.map((link) => `${link.traceId} ${link.spanId}`);
  if (parent !== undefined) ids.push(`${span.traceId} ${parent.span.spanId}`);
  return ids;
}

interface Kind {
  slowestNs: bigint;
  arrived: number;
}

function kindsOf(messages: readonly Message[]): Map<string, Kind> {
  const kinds = new SmallestMap<string, Kind>(MAX_KINDS);
  for (const { sent, takenNs } of messages) {
    if (sent === undefined) continue;
    const kind = kinds.open(sent.kind, () => ({ slowestNs: 0n, arrived: 0 }));
    if (kind === undefined || takenNs === undefined) continue;
    kind.arrived += 1;
    kind.slowestNs = maxNs(kind.slowestNs, takenNs - sent.endNs);
  }
  return new Map(kinds.entries());
}

function whyLost(arrived: number): string {
  if (arrived === 0) return 'none has been processed';
  return arrived === 1 ? '1 other was processed' : `${arrived} others were processed`;
}

export const lostJob: CheckKind = {
  code: 'lost-job',
  start: ({ graceMs }) => {
    const messages = new SmallestMap<string, Message>(MAX_PENDING);
    let jobs = 0;
    const open = (id: string) => messages.open(id, () => ({ sent: undefined, takenNs: undefined }));
    return {
      look: ({ tree: { nodes } }) => {
        for (const node of nodes) {
          const { span } = node;
          if (span.kind === 'PRODUCER') {
            jobs += 1;
            const message = open(`${span.traceId} ${span.spanId}`);
            if (message !== undefined)
              message.sent = { ...nameOf(span), kind: kindOf(span), endNs: span.endNs };
          } else if (span.kind === 'CONSUMER') {
            for (const origin of originsOf(node)) {
              const message = open(origin);
              if (message === undefined) continue;
              const { takenNs = span.startNs } = message;
              message.takenNs = minNs(span.startNs, takenNs);
            }
          }
        }
      },
      finish: ({ nowNs, complete }) => {
        const all = messages.entries().map(([, message]) => message);
        const kinds = kindsOf(all);
        const book = new CaseBook<{ service: string; operation: string; kind: string }>();
        const sent = all.flatMap((one) =>
          one.sent === undefined || one.takenNs !== undefined ? [] : [one.sent],
        );
        for (const span of sent) {
          const kind = kinds.get(span.kind) ?? { slowestNs: 0n, arrived: 0 };
          if (kind.arrived === 0 && !complete) continue;
          const waitedNs = nowNs - span.endNs;
          if (waitedNs < maxNs(msToNs(graceMs), kind.slowestNs * PATIENCE)) continue;
          const parties = { service: span.service, operation: templateOf(span.name), kind: span.kind };
          book.add(span.traceId, parties, { spans: [span], size: Number(waitedNs) });
        }
        return book.close().map((seen) => {
          const { service, operation, kind } = seen.parties;
          const waited = durationText(BigInt(seen.smallest));
          const { arrived = 0 } = kinds.get(kind) ?? {};
          return findingOf('lost-job', seen, {
            severity: 'error',
            sentence: `${seen.count} of the jobs of ${labelOf(service, operation)} never began: no CONSUMER span is linked to them after ${waited} and more, and ${whyLost(arrived)}.`,
            cause:
              'The worker takes jobs off the queue before they are done and forgets them, does not run at all, or does not hand the context on (runJob({ from })).',
            cure: 'Take a job off the queue in one transaction with writing what it did. Run it with runJob({ name, from: carried }), so that its trace is linked.',
            services: [service],
          });
        });
      },
      leftOut: () => {
        const kept = messages.entries().filter(([, { sent }]) => sent !== undefined).length;
        return [{ what: 'jobs', count: jobs - kept }];
      },
    };
  },
};
