// The matchers as they stand after expect(trace), and what `expect` of each test runner is told of them.

import type { ExpectedError, NoErrorsOptions } from '../matchers/errors.ts';
import type { BottleneckOptions } from '../matchers/to-have-bottleneck.ts';
import type { FindingsOptions } from '../matchers/to-have-no-findings.ts';
import type { TraceBudget } from '../matchers/to-stay-within-budget.ts';
import type { ExpectedAttributes, SpanOptions, SpanQuery } from '../matching/span-query.ts';
import type { Step } from '../matching/steps.ts';
import type { Asymmetric } from '../matching/value.ts';
import type { ShapeOptions } from '../shape/trace-shape.ts';

/** The matchers for a captured trace. `R` is what they return: nothing, or a promise of nothing after `resolves`. */
export interface TraceMatchers<R = void> {
  /** Everything hangs on one root whose parent is not missing: no service lost its caller's context. Takes `traces.all()` too. */
  toBeOneTrace(): R;
  /** A span of this name, service, kind, status and attributes is in the trace; with `times` exactly so often. */
  toHaveSpan(name: string | RegExp, options?: SpanOptions): R;
  toHaveSpan(query: SpanQuery): R;
  /** These services took part, in any order, and no other. `expect.arrayContaining([…])` lets there be others. */
  toHaveServices(services: readonly string[] | Asymmetric): R;
  /** The root of the trace (or the span in `expect(span)`) has these attributes, among others. */
  toHaveAttributes(attributes: ExpectedAttributes): R;
  /** A span of that name has these attributes, among others. */
  toHaveAttributes(name: string | RegExp, attributes: ExpectedAttributes): R;
  /** No span has the status ERROR. */
  toHaveNoErrors(options?: NoErrorsOptions): R;
  /** A span failed, or an exception was recorded on one, with this type, message (or a part of it), span or service. */
  toHaveError(expected?: string | RegExp | ExpectedError): R;
  /** Each call began after the one before it had ended; others may lie between. */
  toHaveCalledInOrder(steps: readonly Step[]): R;
  /** There was a moment at which all of the calls were under way. */
  toHaveCalledInParallel(steps: readonly Step[]): R;
  /** The doctor finds nothing wrong. Needs the package `longpole`. */
  toHaveNoFindings(options?: FindingsOptions): R;
  /** What the request waits for most is this service or span. Needs the package `longpole`. */
  toHaveBottleneck(expected: string | RegExp, options?: BottleneckOptions): R;
  /** The trace has no more spans, calls or milliseconds than these. */
  toStayWithinBudget(budget: TraceBudget): R;
  /** The shape of the trace, without ids, times, ports and addresses, is that of the snapshot. */
  toMatchTraceSnapshot(options?: ShapeOptions): R;
}

// A runner that is not installed, or is of another version, has no types to extend: no error of its user's, hence @ts-ignore.

declare global {
  namespace jest {
    // biome-ignore lint/suspicious/noTsIgnore: an error in the user's program only
    /** @ts-ignore */
    // biome-ignore lint/complexity/noBannedTypes: declared so by @types/jest
    interface Matchers<R, T = {}> extends TraceMatchers<R> {}
  }
}

// biome-ignore lint/suspicious/noTsIgnore: an error in the user's program only
/** @ts-ignore */
declare module 'expect' {
  // biome-ignore lint/suspicious/noTsIgnore: an error in the user's program only
  /** @ts-ignore */
  interface Matchers<R extends void | Promise<void>, T = unknown> extends TraceMatchers<R> {}
}

// biome-ignore lint/suspicious/noTsIgnore: an error in the user's program only
/** @ts-ignore */
declare module 'vitest' {
  // biome-ignore lint/suspicious/noTsIgnore: an error in the user's program only
  /** @ts-ignore */
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends TraceMatchers<R> {}
}
