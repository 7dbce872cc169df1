// Table of contents of @longpole/express/testing.

export type { CaptureOptions, WaitOptions } from './testing/capture-options.ts';
export { captureTraces } from './testing/capture-traces.ts';
export type {
  CapturedAttributes,
  CapturedAttributeValue,
  CapturedEvent,
  CapturedLink,
  CapturedNode,
  CapturedScope,
  CapturedSpan,
  CapturedSpanKind,
  CapturedStatus,
  CapturedTrace,
  InFlight,
} from './testing/captured.ts';
// Matchers
export { expectTrace, type TraceAssertions } from './testing/expect/expect-trace.ts';
export { registerMatchers } from './testing/expect/register-matchers.ts';
export type { TraceMatchers } from './testing/expect/trace-matchers.ts';
export type { ExpectedError, NoErrorsOptions } from './testing/matchers/errors.ts';
export { type Matchers, matchers } from './testing/matchers/index.ts';
export type { MatcherResult } from './testing/matchers/result.ts';
export type { BottleneckOptions } from './testing/matchers/to-have-bottleneck.ts';
export type { FindingsOptions } from './testing/matchers/to-have-no-findings.ts';
export type { TraceBudget } from './testing/matchers/to-stay-within-budget.ts';
export type { ExpectedAttributes, SpanOptions, SpanQuery } from './testing/matching/span-query.ts';
export type { Step } from './testing/matching/steps.ts';
export { type ShapeOptions, shapeOf } from './testing/shape/trace-shape.ts';
export type { HeadersLike, TraceOrigin, Traces } from './testing/traces.ts';
