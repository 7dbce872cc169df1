// Traces with more spans than they have to say: loops, crumbs, and what the span budget had to drop.
import { groupedText } from '../../../trace/duration-text.ts';
import { msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import type { TraceTree } from '../../../trace/tree.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { durationOf, isCallOut, isFailed, labelOf, numberOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';
import type { Thresholds } from '../thresholds.ts';

type Kind = 'repeats' | 'short' | 'many' | 'dropped';
type Book = CaseBook<{ kind: Kind; service: string; operation: string }>;

/** A run that the middleware has folded takes one span; only this many times the usual number are worth a word. */
const FOLDED_FACTOR = 10;

const WHAT: Readonly<Record<Kind, (label: string, most: string) => string>> = {
  repeats: (label, most) => `${label} is there up to ${most} times below one span.`,
  short: (service, most) => `${service} makes up to ${most} tiny spans in one trace.`,
  many: (service, most) => `${service} makes up to ${most} spans in one trace.`,
  dropped: (label, most) => `Up to ${most} spans below ${label} were dropped by the span budget.`,
};

const CURE =
  'Keep a span for a request, a call, a job and the few pieces of work you would name to a colleague; a loop is one span with a count as its attribute. Turn off layer spans (layers: none) and instrumentations of files, DNS and sockets.';

function isOwnWork({ span, children }: SpanNode): boolean {
  return (
    span.kind === 'INTERNAL' &&
    !isCallOut(span) &&
    !isFailed(span) &&
    children.every((child) => child.span.kind === 'INTERNAL')
  );
}

function lookForRepeats(book: Book, traceId: string, node: SpanNode, least: number): void {
  const byName = new Map<string, SpanNode[]>();
  const enough = node.children.length >= least;
  for (const child of node.children) {
    const folded = numberOf(child.span, 'longpole.folded.count') ?? 0;
    const isWork = (enough || folded >= least) && isOwnWork(child);
    if (!isWork) continue;
    const { service } = child.span;
    const operation = templateOf(child.span.name);
    if (folded >= least * FOLDED_FACTOR) {
      book.add(traceId, { kind: 'repeats', service, operation }, { spans: [child.span], count: folded });
    }
    const key = JSON.stringify([service, operation]);
    const known = byName.get(key);
    if (known === undefined) byName.set(key, [child]);
    else known.push(child);
  }
  for (const [key, nodes] of byName) {
    if (nodes.length < least) continue;
    const [service = '', operation = ''] = JSON.parse(key) as string[];
    book.add(traceId, { kind: 'repeats', service, operation }, { spans: nodes.map(({ span }) => span) });
  }
}

function countByService(tree: TraceTree, counts: (node: SpanNode) => boolean): Map<string, SpanNode[]> {
  const byService = new Map<string, SpanNode[]>();
  for (const node of tree.nodes) {
    if (!counts(node)) continue;
    const known = byService.get(node.span.service);
    if (known === undefined) byService.set(node.span.service, [node]);
    else known.push(node);
  }
  return byService;
}

function lookAtCounts(book: Book, tree: TraceTree, limits: Thresholds): void {
  const shortNs = msToNs(limits.noiseShortMs);
  const isCrumb = (node: SpanNode): boolean => {
    if (node.children.length > 0 || durationOf(node.span) >= shortNs) return false;
    return isOwnWork(node) && !('longpole.folded.count' in node.span.attributes);
  };
  const note = (kind: Kind, byService: Map<string, SpanNode[]>, least: number): void => {
    for (const [service, nodes] of byService) {
      if (nodes.length < least) continue;
      book.add(tree.traceId, { kind, service, operation: '' }, { spans: nodes.map(({ span }) => span) });
    }
  };
  if (tree.nodes.length >= limits.noiseShortSpans) {
    note('short', countByService(tree, isCrumb), limits.noiseShortSpans);
  }
  if (tree.nodes.length >= limits.noiseSpans) {
    note(
      'many',
      countByService(tree, () => true),
      limits.noiseSpans,
    );
  }
}

export const noise: CheckKind = {
  code: 'noise',
  start: (limits) => {
    const book: Book = new CaseBook();
    return {
      look: ({ tree }) => {
        for (const node of tree.nodes) {
          const { span } = node;
          const dropped = numberOf(span, 'longpole.dropped_spans') ?? 0;
          if (dropped > 0) {
            const parties = { kind: 'dropped', service: span.service, operation: span.name } as const;
            book.add(tree.traceId, parties, { spans: [span], count: dropped });
          }
          if (node.children.length > 0) lookForRepeats(book, tree.traceId, node, limits.noiseRepeats);
        }
        lookAtCounts(book, tree, limits);
      },
      finish: () => {
        return book.close().map((seen) => {
          const { kind, service, operation } = seen.parties;
          const label =
            kind === 'repeats' || kind === 'dropped' ? labelOf(service, operation || '(no name)') : service;
          return findingOf('noise', seen, {
            severity: 'warning',
            sentence: WHAT[kind](label, groupedText(seen.largest)),
            cause: 'Spans are made of every turn of a loop, every middleware or every small step.',
            cure: CURE,
            services: [service],
          });
        });
      },
    };
  },
};
