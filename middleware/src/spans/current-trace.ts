// Tells the ids of the active span, for logs and answers.

import { isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';

export interface CurrentTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** W3C trace flags; bit 0 is "sampled". */
  readonly traceFlags: number;
  readonly sampled: boolean;
}

/** The active span's ids, or `undefined` outside a trace. */
export function currentTrace(): CurrentTrace | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  const { traceId, spanId, traceFlags } = spanContext;
  return { traceId, spanId, traceFlags, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
}
