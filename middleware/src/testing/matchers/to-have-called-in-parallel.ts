// toHaveCalledInParallel(): there was a moment at which all of the calls were under way.

import type { Mark } from '../drawing/draw-trace.ts';
import { msText } from '../drawing/span-text.ts';
import { parseSteps, type Step, sayUnknownStep, spansOfStep } from '../matching/steps.ts';
import { earliestStart, endOf, msBetween, type ViewNode } from '../view/trace-view.ts';
import { givenTrace } from './given-trace.ts';
import { type MatcherResult, plural, result } from './result.ts';

/** A call that is named twice must have been made twice. */
export function toHaveCalledInParallel(received: unknown, steps: readonly Step[]): MatcherResult {
  const view = givenTrace('toHaveCalledInParallel()', received);
  const wanted = parseSteps('toHaveCalledInParallel()', steps);
  const places = wanted.map((step) => spansOfStep(view, step));
  const call = { matcher: 'toHaveCalledInParallel', args: [steps] };
  const unknown = wanted.filter((_, i) => places[i]?.length === 0);
  if (unknown.length > 0) {
    return result(call, view, { pass: false, say: () => unknown.map((step) => sayUnknownStep(view, step)) });
  }
  const most = busiest(places);
  const pass = most.length === wanted.length;
  const say = () =>
    pass
      ? ['Expected one after the other, but they were under way at the same time.']
      : [sayMost(most, wanted)];
  return result(call, view, { pass, say, marks: () => (pass ? signed(most, '✗') : marksOf(places, most)) });
}

/** The most steps that were under way at one moment, each with a span of its own. Such a moment is the start of a span. */
function busiest(places: readonly (readonly ViewNode[])[]): ViewNode[] {
  let most: ViewNode[] = [];
  for (const { span } of new Set(places.flat())) {
    const under = places.map((nodes) => nodes.filter((node) => isUnderWay(node, span.startNs)));
    const assigned = assign(under);
    if (assigned.length > most.length) most = assigned;
    if (most.length === places.length) break;
  }
  return most;
}

/** A span that took no time is under way at its one moment. */
function isUnderWay(node: ViewNode, atNs: bigint): boolean {
  const { startNs } = node.span;
  return startNs === atNs || (startNs <= atNs && endOf(node) > atNs);
}

/** Gives as many steps as possible a span each (augmenting paths). */
function assign(choices: readonly (readonly ViewNode[])[]): ViewNode[] {
  const takenBy = new Map<ViewNode, number>();
  const place = (step: number, tried: Set<ViewNode>): boolean =>
    (choices[step] ?? []).some((node) => {
      if (tried.has(node)) return false;
      tried.add(node);
      const holder = takenBy.get(node);
      if (holder !== undefined && !place(holder, tried)) return false;
      takenBy.set(node, step);
      return true;
    });
  choices.forEach((_, step) => {
    place(step, new Set());
  });
  return [...takenBy.keys()];
}

function sayMost(most: readonly ViewNode[], wanted: readonly Step[]): string {
  const together =
    most.length === 1
      ? 'They ran one after the other'
      : `Only ${most.length} of them were under way at the same time`;
  const all = wanted.length === 2 ? 'both calls' : `all ${plural(wanted.length, 'call')}`;
  return `Expected a moment at which ${all} were under way. ${together}.`;
}

function marksOf(places: readonly (readonly ViewNode[])[], most: readonly ViewNode[]): Mark[] {
  const all = [...new Set(places.flat())].sort((a, b) => a.index - b.index);
  const firstStart = earliestStart(all);
  const together = most.length > 1 ? most : [];
  return all.map((node): Mark => {
    const from = msText(msBetween(firstStart, node.span.startNs));
    const note = `from ${from} to ${node.span.endNs === undefined ? 'now' : msText(msBetween(firstStart, node.span.endNs))}`;
    return { node, sign: together.includes(node) ? '✓' : '✗', notes: [note] };
  });
}

function signed(nodes: readonly ViewNode[], sign: Mark['sign']): Mark[] {
  return nodes.map((node) => ({ node, sign, notes: [] }));
}
