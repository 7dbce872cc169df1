// Spans of many traces, one trace each.
import type { Span, Trace } from '../trace/span.ts';

/** Spans by their trace id. */
export function groupTraces(spans: readonly Span[]): Trace[] {
  const byTrace = new Map<string, Span[]>();
  for (const span of spans) {
    const trace = byTrace.get(span.traceId);
    if (trace === undefined) byTrace.set(span.traceId, [span]);
    else trace.push(span);
  }
  return [...byTrace].map(([traceId, grouped]) => ({ traceId, spans: grouped }));
}
