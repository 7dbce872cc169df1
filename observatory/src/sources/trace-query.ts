// Which traces of a source are asked for, and whether a trace is one of them.
import { compareNs, nsToMs } from '../trace/nanoseconds.ts';
import type { Span, Trace } from '../trace/span.ts';

/** Conditions that a trace must meet, all of them; one that is absent is met by every trace. */
export interface TraceQuery {
  /** A service that took part in the trace, wherever in it. */
  readonly service?: string;
  /** Name of the trace's root span: the route of a request, such as `POST /api/checkout`. Case does not count. */
  readonly operation?: string;
  /** Most traces; of more, those that started last. A whole number from 1. */
  readonly last?: number;
  /** The root started at this time or later: milliseconds since the Unix epoch. */
  readonly sinceMs?: number;
  /** The root started before this time: milliseconds since the Unix epoch. */
  readonly untilMs?: number;
  /** The root took this many milliseconds or more. */
  readonly minDurationMs?: number;
  /** The trace has a span with the status ERROR. */
  readonly errorsOnly?: boolean;
}

function durationOf({ startNs, endNs }: Span): bigint {
  return endNs - startNs;
}

function longest(spans: readonly Span[]): Span | undefined {
  let found: Span | undefined;
  for (const span of spans) if (found === undefined || durationOf(span) > durationOf(found)) found = span;
  return found;
}

/** The span a trace is about: the longest one without a parent, or where there is none the longest whose parent is missing. */
export function rootOf({ spans }: Trace): Span | undefined {
  const proper = longest(spans.filter((span) => span.parentSpanId === ''));
  if (proper !== undefined) return proper;
  const ids = new Set(spans.map((span) => span.spanId));
  return longest(spans.filter((span) => !ids.has(span.parentSpanId))) ?? longest(spans);
}

function isSame(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** Whether a trace meets every condition of the query but `last`. */
export function matchesQuery(trace: Trace, query: TraceQuery): boolean {
  const { service, operation, sinceMs, untilMs, minDurationMs, errorsOnly } = query;
  const root = rootOf(trace);
  if (root === undefined) return false;
  if (operation !== undefined && !isSame(root.name, operation)) return false;
  if (sinceMs !== undefined && nsToMs(root.startNs) < sinceMs) return false;
  if (untilMs !== undefined && nsToMs(root.startNs) >= untilMs) return false;
  if (minDurationMs !== undefined && nsToMs(durationOf(root)) < minDurationMs) return false;
  if (service !== undefined && !trace.spans.some((span) => isSame(span.service, service))) return false;
  return errorsOnly !== true || trace.spans.some((span) => span.status.code === 'ERROR');
}

function startOf(trace: Trace): bigint {
  return rootOf(trace)?.startNs ?? 0n;
}

/** The `last` traces that started last, newest first; all of them without `last`. */
export function newestFirst(traces: readonly Trace[], last: number | undefined): Trace[] {
  return traces
    .map((trace) => ({ trace, startNs: startOf(trace) }))
    .sort((a, b) => compareNs(b.startNs, a.startNs))
    .slice(0, last)
    .map(({ trace }) => trace);
}
