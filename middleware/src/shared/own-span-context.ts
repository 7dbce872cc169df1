// Span contexts whose ids are known to be valid, so that nobody has to look at each of their characters again.

import { isSpanContextValid, type SpanContext, type TraceFlags, type TraceState } from '@opentelemetry/api';

/**
 * Its ids are lower-case hex digits of the right number, not all zero: whoever makes one has read or made them so. One
 * shape for spans of this process and of others.
 */
export class OwnSpanContext implements SpanContext {
  /** Private, so that nobody else sees it: not when the object is copied, compared, printed or serialised. */
  #known: object | undefined = undefined;
  declare readonly traceId: string;
  declare readonly spanId: string;
  declare readonly traceFlags: TraceFlags;
  declare readonly traceState: TraceState;
  declare readonly isRemote: boolean;

  constructor(
    traceId: string,
    spanId: string,
    traceFlags: TraceFlags,
    traceState: TraceState | undefined,
    isRemote: boolean | undefined,
  ) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.traceFlags = traceFlags;
    this.traceState = traceState as TraceState;
    this.isRemote = isRemote as boolean;
  }

  /** What `know` was given last. */
  static known(spanContext: OwnSpanContext): object | undefined {
    return spanContext.#known;
  }

  /** Has the shaping of spans find what it knows of a span. */
  static know(spanContext: OwnSpanContext, known: object): void {
    spanContext.#known = known;
  }
}

/** `isSpanContextValid()` of the API, which looks at every digit, only for those of others. */
export function isValidContext(spanContext: SpanContext): boolean {
  return spanContext instanceof OwnSpanContext || isSpanContextValid(spanContext);
}
