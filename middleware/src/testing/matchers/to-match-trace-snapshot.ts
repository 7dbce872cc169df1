// toMatchTraceSnapshot(): the shape of the trace is that of the snapshot, which the test runner keeps.

import { LongpoleError } from '../../shared/errors.ts';
import { findExpect, type RunnerExpect } from '../expect/find-expect.ts';
import { ShapeText } from '../shape/trace-serializer.ts';
import { type ShapeOptions, shapeOf } from '../shape/trace-shape.ts';
import { givenTrace } from './given-trace.ts';
import { type MatcherResult, messageOf } from './result.ts';

/** What Jest and Vitest have as `this` in a matcher. */
interface MatcherContext {
  readonly isNot?: boolean;
  /** Jest's: the failure is reported at the end of the test, so that all its snapshots are written. */
  readonly dontThrow?: () => void;
  /** Vitest's: the test, which is not otherwise known of tests that run at the same time. */
  readonly task?: object;
}

/** What the runners say in a CI, where they write no new snapshots. */
const NOT_WRITTEN = /not written|mismatched/;

/** For Jest and Vitest, whose snapshot it writes, updates and compares. In node:test take `t.assert.snapshot(shapeOf(trace))`. */
export function toMatchTraceSnapshot(
  this: unknown,
  received: unknown,
  options?: ShapeOptions,
): MatcherResult {
  const view = givenTrace('toMatchTraceSnapshot()', received);
  const shape = new ShapeText(shapeOf(view.trace, options));
  const context = (this ?? {}) as MatcherContext;
  if (context.isNot === true)
    throw noSnapshot('cannot be used with .not, because a snapshot is written for it');
  const expect = findExpect();
  if (expect === undefined) {
    throw noSnapshot(
      'needs the snapshots of Jest or Vitest. In node:test use t.assert.snapshot(shapeOf(trace))',
    );
  }
  const failure = compare(expect, shape, context.task);
  if (failure === undefined) return { pass: true, message: () => '' };
  context.dontThrow?.();
  const call = { matcher: 'toMatchTraceSnapshot', args: [options] };
  const text = failure instanceof Error ? failure.message : String(failure);
  const miss = NOT_WRITTEN.test(text)
    ? 'There is no snapshot of this trace yet.'
    : 'The shape of the trace is not that of the snapshot.';
  const head = () => messageOf(call, false, [miss], [[view, []]]);
  return { pass: false, message: () => `${head()}\n\n${text}`, ...sides(failure) };
}

/** What the runner's own snapshot matcher says; Jest keeps that for the end of the test instead of throwing it. */
function compare(expect: RunnerExpect, shape: ShapeText, task: object | undefined): unknown {
  const { suppressedErrors } = expect.getState();
  const before = suppressedErrors?.length ?? 0;
  try {
    const assertion = expect(shape);
    (task === undefined ? assertion : (assertion.withTest?.(task) ?? assertion)).toMatchSnapshot();
  } catch (failure) {
    return failure;
  }
  return suppressedErrors?.splice(before)[0];
}

/** The two texts, of which Vitest draws the difference itself. */
function sides(failure: unknown): { actual?: unknown; expected?: unknown } {
  const { actual, expected } = failure as { actual?: unknown; expected?: unknown };
  return actual === undefined || expected === undefined ? {} : { actual, expected };
}

function noSnapshot(why: string): LongpoleError {
  return new LongpoleError('ERR_LONGPOLE_NO_SNAPSHOT', `toMatchTraceSnapshot() ${why}.`);
}
