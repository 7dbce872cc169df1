// toHaveCalledInOrder(): each of the calls began after the one before it had ended.

import type { Mark } from '../drawing/draw-trace.ts';
import { msText, nameText } from '../drawing/span-text.ts';
import { parseSteps, type Step, sayUnknownStep, spansOfStep } from '../matching/steps.ts';
import { endOf, isAncestor, msBetween, type ViewNode } from '../view/trace-view.ts';
import { givenTrace } from './given-trace.ts';
import { list, type MatcherResult, result } from './result.ts';

/** A span that can stand at its place, with the one it follows on. */
interface Link {
  readonly node: ViewNode;
  readonly before: Link | undefined;
}

/** Other calls may lie between. A span comes before what happened inside of it. */
export function toHaveCalledInOrder(received: unknown, steps: readonly Step[]): MatcherResult {
  const view = givenTrace('toHaveCalledInOrder()', received);
  const wanted = parseSteps('toHaveCalledInOrder()', steps);
  const places = wanted.map((step) => spansOfStep(view, step));
  const call = { matcher: 'toHaveCalledInOrder', args: [steps] };
  const unknown = wanted.filter((_, i) => places[i]?.length === 0);
  if (unknown.length > 0) {
    return result(call, view, { pass: false, say: () => unknown.map((step) => sayUnknownStep(view, step)) });
  }
  const { reached, links } = follow(places);
  if (reached === wanted.length) {
    const marks = () => chain(links[0]).map((node, i): Mark => ({ node, sign: '✗', notes: [`${i + 1}.`] }));
    return result(call, view, {
      pass: true,
      say: () => ['Expected another order, but they were called in this one.'],
      marks,
    });
  }
  const say = () => {
    const [late, before] = [list([wanted[reached]]), list([wanted[reached - 1]])];
    return [`Call ${reached + 1}, ${late}, did not begin after call ${reached}, ${before}, had ended.`];
  };
  return result(call, view, { pass: false, say, marks: () => marksOf(links, places[reached] ?? []) });
}

/** How many steps can be followed, and the last spans of the ways that get so far. */
function follow(places: readonly (readonly ViewNode[])[]): { reached: number; links: readonly Link[] } {
  let links: readonly Link[] = (places[0] ?? []).map((node) => ({ node, before: undefined }));
  for (let i = 1; i < places.length; i += 1) {
    const next = (places[i] ?? []).flatMap((node): Link[] => {
      const before = links.find((link) => isBefore(link.node, node));
      return before === undefined ? [] : [{ node, before }];
    });
    if (next.length === 0) return { reached: i, links };
    links = next;
  }
  return { reached: places.length, links };
}

function isBefore(one: ViewNode, other: ViewNode): boolean {
  return one !== other && (isAncestor(one, other) || endOf(one) <= other.span.startNs);
}

function chain(last: Link | undefined): ViewNode[] {
  const nodes: ViewNode[] = [];
  for (let link = last; link !== undefined; link = link.before) nodes.unshift(link.node);
  return nodes;
}

function marksOf(links: readonly Link[], late: readonly ViewNode[]): Mark[] {
  const [last] = links;
  const met = chain(last).map((node, i): Mark => ({ node, sign: '✓', notes: [`${i + 1}.`] }));
  const missed = late.filter((node) => !met.some((mark) => mark.node === node));
  return [...met, ...missed.map((node): Mark => ({ node, sign: '✗', notes: [whenBegun(node, last?.node)] }))];
}

function whenBegun(node: ViewNode, after: ViewNode | undefined): string {
  if (after === undefined) return 'began too early';
  const sinceStart = msBetween(after.span.startNs, node.span.startNs);
  if (sinceStart < 0) return `began ${msText(-sinceStart)} before '${nameText(after)}' began`;
  return `began ${msText(msBetween(node.span.startNs, endOf(after)))} before '${nameText(after)}' had ended`;
}
