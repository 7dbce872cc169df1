// Makes the matchers known to the test runner.

import { matchers } from '../matchers/index.ts';
import { traceSerializer } from '../shape/trace-serializer.ts';
import { findExpect, type RunnerExpect } from './find-expect.ts';

const registered = new WeakSet<RunnerExpect>();

/** Extends `expect` of Jest or Vitest, once in a test file. Where there is none, as in node:test, it does nothing. */
export function registerMatchers(expect: RunnerExpect | undefined = findExpect()): void {
  if (expect === undefined || registered.has(expect)) return;
  registered.add(expect);
  expect.extend(matchers);
  expect.addSnapshotSerializer?.(traceSerializer);
}
