// toHaveServices(): these services took part in the trace, and no other.

import type { Mark } from '../drawing/draw-trace.ts';
import { type Asymmetric, isAsymmetric } from '../matching/value.ts';
import type { TraceView } from '../view/trace-view.ts';
import { argumentError } from './argument-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { givenTrace } from './given-trace.ts';
import { list, type MatcherResult, result } from './result.ts';

/** In any order. `expect.arrayContaining([…])` lets there be others. */
export function toHaveServices(received: unknown, expected: readonly string[] | Asymmetric): MatcherResult {
  const view = givenTrace('toHaveServices()', received);
  const { services } = view.trace;
  const call = { matcher: 'toHaveServices', args: [expected] };
  if (isAsymmetric(expected)) {
    const pass = expected.asymmetricMatch([...services]);
    return result(call, view, { pass, say: () => [`The services are ${list(services)}.`] });
  }
  checkNames(expected);
  const missing = expected.filter((name) => !services.includes(name));
  const extra = services.filter((name) => !expected.includes(name));
  const pass = missing.length === 0 && extra.length === 0;
  const say = () =>
    pass ? ['Expected other services, but it has exactly these.'] : sayDifference(services, missing, extra);
  return result(call, view, { pass, say, marks: () => (pass ? [] : markFirst(view, extra)) });
}

function checkNames(expected: unknown): void {
  const isFine = Array.isArray(expected) && expected.every((name) => typeof name === 'string' && name !== '');
  if (!isFine)
    throw argumentError(
      'toHaveServices()',
      expected,
      "expected an array of names, such as ['gateway', 'payment']",
    );
}

function sayDifference(
  services: readonly string[],
  missing: readonly string[],
  extra: readonly string[],
): string[] {
  const lacks = missing.map((name) => `${list([name])} is not in the trace.${didYouMean(name, extra)}`);
  const has = extra.length === 0 ? [] : [`${list(extra)} ${extra.length === 1 ? 'is' : 'are'} not expected.`];
  return [...lacks, ...has, `The services are ${list(services)}.`];
}

function markFirst(view: TraceView, services: readonly string[]): Mark[] {
  return services.flatMap((service) => {
    const node = view.nodes.find(({ span }) => span.service === service);
    return node === undefined ? [] : [{ node, sign: '✗' as const, notes: [`the first span of ${service}`] }];
  });
}
