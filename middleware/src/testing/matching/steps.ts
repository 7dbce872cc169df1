// The steps of a request as a test names them: a service that was called, `GET inventory`, or the name of a span.

import { argumentError } from '../matchers/argument-error.ts';
import { didYouMean } from '../matchers/did-you-mean.ts';
import { list } from '../matchers/result.ts';
import { callsOf, receiverOf } from '../view/calls.ts';
import type { TraceView, ViewNode } from '../view/trace-view.ts';
import { isText } from './checks.ts';
import { matchesValue } from './value.ts';

/** A service (`'payment'`), a call (`'POST payment'`, `'POST payment /charges'`), the name of a span, or a RegExp for one of these. */
export type Step = string | RegExp;

/** @throws LongpoleError `ERR_LONGPOLE_MATCHER_ARGUMENT` */
export function parseSteps(owner: string, steps: unknown): readonly Step[] {
  const isFine =
    Array.isArray(steps) && steps.length >= 2 && steps.every((step) => isText(step) === undefined);
  if (isFine) return steps;
  throw argumentError(
    owner,
    steps,
    "expected two or more calls, such as ['auth', 'GET inventory', 'POST /charges']",
  );
}

/** The spans that a step may mean: a call is its CLIENT span, not that and the SERVER span below it. */
export function spansOfStep(view: TraceView, step: Step): ViewNode[] {
  const isCall = callsOf(view).filter(({ names }) => names.some((name) => matchesValue(name, step)));
  const taken = new Set(isCall.flatMap(({ node }) => [node, receiverOf(node) ?? node]));
  const others = view.nodes.filter((node) => !taken.has(node) && matchesValue(node.span.name, step));
  return [...isCall.map(({ node }) => node), ...others].sort((a, b) => a.index - b.index);
}

/** `No call or span is 'paymnet'. Did you mean 'payment'?` */
export function sayUnknownStep(view: TraceView, step: Step): string {
  const known = [...callsOf(view).flatMap(({ names }) => names), ...view.nodes.map(({ span }) => span.name)];
  return `No call or span is ${list([step])}.${didYouMean(step, [...new Set(known)])}`;
}
