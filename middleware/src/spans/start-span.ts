// Starts a span so that a sampler or processor that throws costs the span and not the application's work.

import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
} from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';
import { PACKAGE, VERSION } from '../shared/version.ts';

/** The span, or one that records nothing when it could not be started. */
export function startSpanSafely(
  name: string,
  options: SpanOptions,
  parent: Context = context.active(),
): Span {
  try {
    return trace.getTracer(PACKAGE, VERSION).startSpan(name, options, parent);
  } catch (fault) {
    reportFault('starting a span', fault);
    return trace.wrapSpanContext(trace.getSpanContext(parent) ?? INVALID_SPAN_CONTEXT);
  }
}
