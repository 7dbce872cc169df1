// expectTrace(): the matchers for test runners without expect(), as node:test: they throw an AssertionError.

import { AssertionError } from 'node:assert';
import { matchers } from '../matchers/index.ts';
import type { MatcherResult } from '../matchers/result.ts';
import type { TraceMatchers } from './trace-matchers.ts';

/** The matchers but `toMatchTraceSnapshot()`, which needs a runner's snapshots: `t.assert.snapshot(shapeOf(trace))`. */
export type TraceAssertions = Omit<TraceMatchers, 'toMatchTraceSnapshot'>;

type Matcher = (received: unknown, ...args: never[]) => MatcherResult;

/**
 * `expectTrace(trace).toHaveSpan('POST /charges')`, `expectTrace(trace).not.toHaveError()`. The messages of the
 * `AssertionError`s are those of the matchers.
 */
export function expectTrace(trace: unknown): TraceAssertions & { readonly not: TraceAssertions } {
  return { ...assertions(trace, false), not: assertions(trace, true) };
}

function assertions(trace: unknown, isNot: boolean): TraceAssertions {
  const { toMatchTraceSnapshot: _, ...plain } = matchers;
  const entries = Object.entries(plain as Record<string, Matcher>).map(([name, matcher]) => {
    const assertion = (...args: never[]): void => {
      const { pass, message } = matcher(trace, ...args);
      if (pass !== isNot) return;
      throw new AssertionError({
        message: message(),
        operator: isNot ? `not.${name}` : name,
        stackStartFn: assertion,
      });
    };
    return [name, assertion] as const;
  });
  return Object.fromEntries(entries) as unknown as TraceAssertions;
}
