// Spans of many traces, one trace each, and which of the traces is the newest.
import { minNs } from '../trace/nanoseconds.ts';
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

interface Beginning {
  readonly trace: Trace;
  readonly isRequest: boolean;
  readonly startNs: bigint;
}

function beginningOf(trace: Trace): Beginning {
  const roots = trace.spans.filter((span) => span.parentSpanId === '');
  const starts = (roots.length > 0 ? roots : trace.spans).map((span) => span.startNs);
  return {
    trace,
    isRequest: roots.some((span) => span.kind === 'SERVER'),
    startNs: starts.reduce(minNs, starts[0] ?? 0n),
  };
}

function newer(a: Beginning, b: Beginning): Beginning {
  if (a.isRequest !== b.isRequest) return a.isRequest ? a : b;
  return b.startNs > a.startNs ? b : a;
}

/**
 * The newest request: of the traces whose root is a SERVER span the one that started last. Where there is none, the
 * trace that started last: a background job that a request left behind is newer than the request, but not meant.
 */
export function newestTrace(traces: readonly Trace[]): Trace | undefined {
  const [first, ...rest] = traces.filter((trace) => trace.spans.length > 0).map(beginningOf);
  return first === undefined ? undefined : rest.reduce(newer, first).trace;
}
