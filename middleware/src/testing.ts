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
export type { HeadersLike, TraceOrigin, Traces } from './testing/traces.ts';
