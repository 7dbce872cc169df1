// Traces that are torn apart: a call without its answer, and an answer that does not know its call.

import { msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import type { TraceTree } from '../../../trace/tree.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { type Answer, answerFrom, type Call, callFrom, matchAnswers } from '../match-answers.ts';
import { isOpenCall } from '../open-calls.ts';
import { Pending } from '../pending.ts';
import { SmallestMap } from '../smallest.ts';
import { textOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';
import { type Break, wordsFor } from './broken-propagation-words.ts';

const MAX_SERVICES = 5_000;

type Parties = Readonly<Record<'kind' | 'caller' | 'callee' | 'operation', string>> & {
  readonly kind: Break;
};

/** SERVER spans without a parent, and below a whole trace those whose parent is missing. */
function answersIn({ roots, root }: TraceTree): SpanNode[] {
  const isWhole = root !== undefined && root.span.parentSpanId === '';
  return roots.filter(({ span }) => span.kind === 'SERVER' && (span.parentSpanId === '' || isWhole));
}

/** Whether it processes a message that somebody has sent, without a way back to the sender. */
function isCutOff({ span }: SpanNode): boolean {
  if (span.kind !== 'CONSUMER' || span.parentSpanId !== '' || span.links.length > 0) return false;
  const isReceive = textOf(span, 'messaging.operation.type') === 'receive';
  return !isReceive && (textOf(span, 'messaging.system') !== '' || 'messaging.message.id' in span.attributes);
}

interface Note {
  readonly parties: Parties;
  readonly spans: readonly Call[];
}

function addByTrace(book: CaseBook<Parties>, notes: readonly Note[]): void {
  const traceOf = ({ spans }: Note): string => spans[0]?.traceId ?? '';
  const sorted = notes.toSorted((a, b) => (traceOf(a) < traceOf(b) ? -1 : traceOf(a) > traceOf(b) ? 1 : 0));
  for (const one of sorted) book.add(traceOf(one), one.parties, { spans: one.spans, count: 1 });
}

export const brokenPropagation: CheckKind = {
  code: 'broken-propagation',
  start: ({ graceMs }) => {
    const book = new CaseBook<Parties>();
    const calls = new Pending<Call>();
    const answers = new Pending<Answer>();
    const services = new SmallestMap<string, true>(MAX_SERVICES);
    const judge = (nowNs: bigint): void => {
      const notes: Note[] = [];
      const note = (kind: Break, caller: string, operation: string, spans: readonly Call[]): void => {
        const callee = kind === 'unanswered' ? (spans[0]?.ends.peer ?? '') : (spans.at(-1)?.service ?? '');
        notes.push({ parties: { kind, caller, callee, operation }, spans });
      };
      const { pairs, calls: open, answers: alone } = matchAnswers(calls.inOrder(), answers.inOrder());
      const traced = new Set(services.entries().map(([service]) => service));
      const isOld = ({ ends }: Call): boolean => nowNs - ends.endNs >= msToNs(graceMs);
      for (const { call, answer } of pairs) {
        const kind = answer.untrusted === '' ? 'torn' : 'untrusted';
        note(kind, call.service, templateOf(answer.name), [call, answer]);
      }
      for (const call of open) {
        const { peer, path, method } = call.ends;
        if (peer === '' || !traced.has(peer) || !isOld(call)) continue;
        note('unanswered', call.service, `${method} ${templateOf(path)}`.trim(), [call]);
      }
      for (const answer of alone) {
        if (answer.isOrphan && isOld(answer)) note('orphan', '', templateOf(answer.name), [answer]);
      }
      addByTrace(book, notes);
    };
    return {
      look: ({ tree }) => {
        for (const node of tree.nodes) {
          const { span } = node;
          if (span.kind === 'SERVER') services.open(span.service, () => true);
          if (isOpenCall(node)) calls.add(span.startNs, span.spanId, callFrom(node));
          if (!isCutOff(node)) continue;
          const operation = templateOf(span.name);
          book.add(
            tree.traceId,
            { kind: 'message', caller: '', callee: span.service, operation },
            { spans: [span] },
          );
        }
        for (const node of answersIn(tree)) {
          answers.add(node.span.startNs, node.span.spanId, answerFrom(node));
        }
      },
      finish: ({ nowNs }) => {
        judge(nowNs);
        return book.close().map((seen) => findingOf('broken-propagation', seen, wordsFor(seen)));
      },
      leftOut: () => [
        { what: 'calls without an answer', count: calls.leftOut },
        { what: 'answers without a call', count: answers.leftOut },
      ],
    };
  },
};
