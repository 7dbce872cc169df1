// Tells which flags a span's traceparent has, the random flag included, which the OpenTelemetry SDK does not keep.

import type { SpanContext } from '@opentelemetry/api';
import { randomTraceIdOf } from './trace-state.ts';
import { RANDOM, SAMPLED } from './traceparent.ts';

/**
 * `SAMPLED` as the span has it, and `RANDOM` as the whole trace has it (W3C Trace Context level 2, "Random Trace ID
 * Flag"): what the caller sent when the trace was continued, set when it began in this process, because the SDK's ids
 * are random.
 */
export function traceFlagsOf(spanContext: SpanContext): number {
  const sampled = spanContext.traceFlags & SAMPLED;
  return isRandom(spanContext) ? sampled | RANDOM : sampled;
}

function isRandom({ traceFlags, traceState, isRemote }: SpanContext): boolean {
  return (traceFlags & RANDOM) !== 0 || (randomTraceIdOf(traceState) ?? isRemote !== true);
}
