// For the type checker: a project of node:test, without Jest and Vitest.

import {
  type CapturedTrace,
  captureTraces,
  expectTrace,
  type MatcherResult,
  matchers,
  shapeOf,
} from '@longpole/express/testing';

const traces = captureTraces({ service: 'orders' });

export async function check(response: Response): Promise<string> {
  const trace: CapturedTrace = await traces.of(response);
  expectTrace(trace).toHaveSpan('GET /items/:id', { kind: 'SERVER', status: 200 });
  expectTrace(trace).not.toHaveError({ type: 'TypeError' });
  const result: MatcherResult = matchers.toBeOneTrace(trace);
  // @ts-expect-error a snapshot needs a runner that keeps it
  expectTrace(trace).toMatchTraceSnapshot();
  return result.pass ? shapeOf(trace) : result.message();
}
