// toBeOneTrace(): everything hangs on one root, so that no service lost the context of its caller.

import type { Mark } from '../drawing/draw-trace.ts';
import { spanText } from '../drawing/span-text.ts';
import { receiverOf } from '../view/calls.ts';
import { endOf, type TraceView, type ViewNode, viewOf } from '../view/trace-view.ts';
import { givenTrace, isTrace } from './given-trace.ts';
import { list, type MatcherResult, messageOf, result } from './result.ts';

const MOST_DRAWN = 5;

/** Takes a trace, or several (`traces.all()`): passes when it is one and has one root, whose parent is not missing. */
export function toBeOneTrace(received: unknown): MatcherResult {
  const isSeveral = Array.isArray(received) && received.length !== 1 && received.every(isTrace);
  if (isSeveral) return severalTraces(received.map(viewOf));
  const view = givenTrace(
    'toBeOneTrace()',
    Array.isArray(received) && received.length === 1 ? received[0] : received,
  );
  const orphans = view.roots.filter(({ span }) => span.parentSpanId !== undefined);
  const call = { matcher: 'toBeOneTrace', args: [] };
  const pass = view.roots.length === 1 && orphans.length === 0;
  if (pass) {
    return result(call, view, {
      pass,
      say: () => ['Expected more than one trace, or a broken one, but it is one.'],
    });
  }
  const say = () => [sayRoots(view, orphans.length)];
  return result(call, view, { pass, say, marks: () => view.roots.map(markRoot) });
}

function sayRoots({ roots }: TraceView, orphans: number): string {
  if (roots.length === 0) return 'The trace has no spans.';
  const missing =
    orphans === 0 ? '' : ` The parent of ${orphans === 1 ? 'one' : orphans} is not among its spans.`;
  return roots.length === 1
    ? `The trace is not whole: the parent of its root is not among its spans.`
    : `The spans hang on ${roots.length} roots.${missing}`;
}

function markRoot(node: ViewNode): Mark {
  const { parentSpanId } = node.span;
  const notes = parentSpanId === undefined ? [] : [`its parent ${parentSpanId} is not in the trace`];
  return { node, sign: '✗', notes: notes.length === 0 ? ['a root'] : notes };
}

function severalTraces(views: readonly TraceView[]): MatcherResult {
  const sentences =
    views.length === 0
      ? ['There is no trace: no request has been captured.']
      : [`There are ${views.length} traces. A service that is called must take its caller's context over.`];
  if (views.length > MOST_DRAWN) sentences.push(`The first ${MOST_DRAWN} of them:`);
  const drawings = () => views.slice(0, MOST_DRAWN).map((view) => [view, marksAmong(view, views)] as const);
  const call = { matcher: 'toBeOneTrace', args: [] };
  return { pass: false, message: () => messageOf(call, false, sentences, drawings()) };
}

/** Marks the calls of a trace during which another trace began that should have been part of it, and such roots. */
function marksAmong(view: TraceView, all: readonly TraceView[]): Mark[] {
  const others = all.filter((other) => other !== view);
  const lost = others.flatMap((other) => {
    const [root] = other.roots;
    const caller = root === undefined ? undefined : callAround(view, root);
    return root === undefined || caller === undefined ? [] : [{ root, caller }];
  });
  const [root] = view.roots;
  const wasCalled = root !== undefined && others.some((other) => callAround(other, root) !== undefined);
  const beginnings: Mark[] = wasCalled
    ? [{ node: root, sign: '✗', notes: ['began a trace of its own'] }]
    : [];
  const callers = [...new Set(lost.map(({ caller }) => caller))].map((node): Mark => {
    const roots = lost.filter(({ caller }) => caller === node).map(({ root: one }) => spanText(one.span));
    const began = roots.length === 1 ? 'began a trace of its own' : 'began traces of their own';
    return { node, sign: '→', notes: [`during this call ${list(roots)} ${began}`] };
  });
  return [...beginnings, ...callers];
}

/** The call without a receiver that was under way when a SERVER span began elsewhere. */
function callAround(view: TraceView, root: ViewNode): ViewNode | undefined {
  if (root.span.kind !== 'SERVER') return undefined;
  return view.nodes.findLast((node) => {
    const isCall = node.span.kind === 'CLIENT' && receiverOf(node) === undefined;
    return isCall && node.span.startNs <= root.span.startNs && endOf(node) >= endOf(root);
  });
}
