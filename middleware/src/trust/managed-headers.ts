// The names of the headers that carry trace context.

const TRACE_ID_HEADERS = new Set([
  'traceparent',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'uber-trace-id',
]);

/** Jaeger's baggage: a header for each entry. */
export const JAEGER_BAGGAGE = 'uberctx-';

/** Whether a header, in lower case, says more than ids and flags: baggage, and what tracing systems pass each other. */
export function isTelling(name: string): boolean {
  return name === 'baggage' || name === 'tracestate' || name.startsWith(JAEGER_BAGGAGE);
}

/** Whether a header, in lower case, carries trace context in any of the formats. */
export function isManaged(name: string): boolean {
  return isTelling(name) || TRACE_ID_HEADERS.has(name);
}
