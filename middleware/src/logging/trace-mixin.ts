// Puts the ids of the active span on every line that pino writes.

import { isSpanContextValid, trace } from '@opentelemetry/api';
import { traceFlagsOf } from '../propagation/index.ts';
import { reportFault } from '../shared/guard.ts';

/** What pino calls for each line, to get fields that it adds (pino's `mixin` option). */
export type LogMixin = (mergeObject: object, level: number, logger: object) => object;

/** The fields of a line that was written inside a trace, by the names of OpenTelemetry's log data model. */
export interface TraceFields {
  /** 32 hex digits. */
  readonly trace_id: string;
  /** 16 hex digits. */
  readonly span_id: string;
  /** Two hex digits. */
  readonly trace_flags: string;
}

/**
 * `pino({ mixin: traceMixin() })` adds `trace_id`, `span_id` and `trace_flags` to lines written inside a trace and
 * nothing to others.
 *
 * @param own a mixin of the application's; its fields are added too and win over these
 */
export function traceMixin(own?: LogMixin): LogMixin {
  if (own === undefined) return traceFields;
  return (mergeObject, level, logger) => ({ ...traceFields(), ...own(mergeObject, level, logger) });
}

/** The fields of the active span; an empty object outside a trace. */
export function traceFields(): TraceFields | Record<string, never> {
  try {
    const spanContext = trace.getActiveSpan()?.spanContext();
    if (spanContext === undefined || !isSpanContextValid(spanContext)) return {};
    return {
      trace_id: spanContext.traceId,
      span_id: spanContext.spanId,
      trace_flags: traceFlagsOf(spanContext).toString(16).padStart(2, '0'),
    };
  } catch (error) {
    reportFault('traceMixin()', error);
    return {};
  }
}
