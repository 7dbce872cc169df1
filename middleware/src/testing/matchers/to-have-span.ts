// toHaveSpan(): a span of this name, service, kind, status and attributes is in the trace.

import { nearest } from '../../options/parse-options.ts';
import type { Mark } from '../drawing/draw-trace.ts';
import {
  type Mismatch,
  mismatchesOf,
  parseSpanQuery,
  type SpanOptions,
  type SpanQuery,
} from '../matching/span-query.ts';
import { matchesValue } from '../matching/value.ts';
import type { TraceView, ViewNode } from '../view/trace-view.ts';
import { didYouMean } from './did-you-mean.ts';
import { givenTrace } from './given-trace.ts';
import { list, type MatcherResult, plural, result } from './result.ts';

interface Candidate {
  readonly node: ViewNode;
  readonly mismatches: readonly Mismatch[];
}

/** Passes when a span matches; with `times`, when exactly so many do. The first argument may be the whole query. */
export function toHaveSpan(
  received: unknown,
  name: string | RegExp | SpanQuery,
  options?: SpanOptions,
): MatcherResult {
  const view = givenTrace('toHaveSpan()', received);
  const query = parseSpanQuery('toHaveSpan()', [name, options]);
  const candidates = view.nodes.map((node) => ({ node, mismatches: mismatchesOf(node.span, query) }));
  const found = candidates.filter(({ mismatches }) => mismatches.length === 0).map(({ node }) => node);
  const pass = query.times === undefined ? found.length > 0 : found.length === query.times;
  const call = { matcher: 'toHaveSpan', args: [name, options] };
  if (pass) return result(call, view, { pass, say: () => sayFound(found), marks: () => mark(found, '✗') });
  if (found.length > 0) {
    const say = () => [`Expected ${plural(query.times ?? 0, 'such span')}, found ${found.length}.`];
    return result(call, view, { pass, say, marks: () => mark(found, '✗') });
  }
  const near = nearestCandidates(view, candidates, query);
  return result(call, view, { pass, say: () => sayMissing(view, query, near), marks: () => markNear(near) });
}

function sayFound(found: readonly ViewNode[]): string[] {
  return [`Expected no such span, but there ${found.length === 1 ? 'is one' : `are ${found.length}`}.`];
}

function mark(nodes: readonly ViewNode[], sign: '✗'): Mark[] {
  return nodes.map((node) => ({ node, sign, notes: [] }));
}

function markNear(near: readonly Candidate[]): Mark[] {
  return near.map(({ node, mismatches }) => ({ node, sign: '→', notes: mismatches.map(({ note }) => note) }));
}

/** The spans of that name, or else of the name most like it, or else those that match in something; of these the best. */
function nearestCandidates(view: TraceView, all: readonly Candidate[], query: SpanQuery): Candidate[] {
  const named = all.filter(({ mismatches }) => !mismatches.some(({ what }) => what === 'name'));
  if (query.name !== undefined && named.length > 0) return best(named);
  const like = likeName(view, query);
  if (like !== undefined) return best(all.filter(({ node }) => node.span.name === like));
  const asked = mismatchesAtMost(query);
  return best(all.filter(({ mismatches }) => mismatches.length < asked));
}

/** How many mismatches a span has that is like the query in nothing. */
function mismatchesAtMost({ name, service, kind, status, attributes }: SpanQuery): number {
  const plain = [name, service, kind, status].filter((part) => part !== undefined).length;
  return plain + Object.keys(attributes ?? {}).length;
}

const MOST_CANDIDATES = 3;

function best(candidates: readonly Candidate[]): Candidate[] {
  const fewest = Math.min(...candidates.map(({ mismatches }) => mismatches.length));
  return candidates.filter(({ mismatches }) => mismatches.length === fewest).slice(0, MOST_CANDIDATES);
}

function likeName(view: TraceView, { name }: SpanQuery): string | undefined {
  return typeof name === 'string'
    ? nearest(name, [...new Set(view.nodes.map(({ span }) => span.name))])
    : undefined;
}

function sayMissing(view: TraceView, query: SpanQuery, near: readonly Candidate[]): string[] {
  const { name, service } = query;
  const names = [...new Set(view.nodes.map(({ span }) => span.name))];
  if (name !== undefined && !names.some((one) => matchesValue(one, name))) {
    return [`No span is named ${list([name])}.${didYouMean(name, names)}`];
  }
  if (service !== undefined && !view.trace.services.some((one) => matchesValue(one, service))) {
    return [`No span is of a service ${list([service])}.${didYouMean(service, view.trace.services)}`];
  }
  const [first] = near;
  if (first === undefined) return ['No span matches.'];
  const differs = plural(first.mismatches.length, 'thing');
  return [
    `No span matches. The nearest ${near.length === 1 ? 'differs' : `${near.length} differ`} in ${differs}:`,
  ];
}
