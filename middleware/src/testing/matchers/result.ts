// What a matcher returns, and its message: the call, what is wrong, the tree with the miss marked.

import { drawTrace, type Mark, WIDTH } from '../drawing/draw-trace.ts';
import { paint } from '../drawing/paint.ts';
import { cut, printable, wrap } from '../drawing/printable.ts';
import { msText } from '../drawing/span-text.ts';
import { showExpected } from '../matching/value.ts';
import { latestEnd, msBetween, type TraceView } from '../view/trace-view.ts';

/** What `expect.extend()` of Jest and Vitest wants of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  /** Why the matcher failed, or with `pass` why `.not` of it did. In at most 100 columns. */
  readonly message: () => string;
}

/** The matcher as the test wrote it: its name, its arguments. */
export interface MatcherCall {
  readonly matcher: string;
  readonly args: readonly unknown[];
}

export interface Verdict {
  readonly pass: boolean;
  /** Sentences, one to a paragraph; asked for only when the matcher, or `.not` of it, has failed. */
  readonly say: () => readonly string[];
  readonly marks?: () => readonly Mark[];
}

export function result(call: MatcherCall, view: TraceView, verdict: Verdict): MatcherResult {
  return {
    pass: verdict.pass,
    message: () => messageOf(call, verdict.pass, verdict.say(), [[view, verdict.marks?.() ?? []]]),
  };
}

/** The message about one or more traces. */
export function messageOf(
  { matcher, args }: MatcherCall,
  isNot: boolean,
  sentences: readonly string[],
  drawings: readonly (readonly [TraceView, readonly Mark[]])[],
): string {
  const given = args.filter((arg) => arg !== undefined).map(showExpected);
  const head = cut(printable(`expect(trace).${isNot ? 'not.' : ''}${matcher}(${given.join(', ')})`), WIDTH);
  const said = sentences.flatMap((sentence) => wrap(printable(sentence), WIDTH)).join('\n');
  const drawn = drawings.map(([view, marks]) => `${drawTrace(view, marks)}\n\n${summary(view)}`);
  return [paint('bold', head), said, ...drawn].join('\n\n');
}

function summary(view: TraceView): string {
  const { trace, nodes, roots } = view;
  const ends = latestEnd(roots);
  const start = nodes[0]?.span.startNs ?? 0n;
  const took = trace.isComplete && nodes.length > 0 ? [msText(msBetween(start, ends))] : [];
  const open = trace.isComplete ? [] : ['not complete'];
  const parts = [
    `trace ${trace.traceId}`,
    plural(nodes.length, 'span'),
    plural(trace.services.length, 'service'),
  ];
  return paint('dim', [...parts, ...took, ...open].join(', '));
}

/** `1 span`, `3 spans`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `'a', 'b' and 'c'`. */
export function list(items: readonly unknown[]): string {
  const shown = items.map(showExpected);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
