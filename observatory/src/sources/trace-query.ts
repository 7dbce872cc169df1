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

/** A time in exact nanoseconds: as a number of them it would be off by up to 128. */
function epochNs(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6));
}

/** Whether a trace meets every condition of the query but `last`. */
export function matchesQuery(trace: Trace, query: TraceQuery): boolean {
  const { service, operation, sinceMs, untilMs, minDurationMs, errorsOnly } = query;
  const root = rootOf(trace);
  if (root === undefined) return false;
  if (operation !== undefined && !isSame(root.name, operation)) return false;
  if (sinceMs !== undefined && root.startNs < epochNs(sinceMs)) return false;
  if (untilMs !== undefined && root.startNs >= epochNs(untilMs)) return false;
  if (minDurationMs !== undefined && nsToMs(durationOf(root)) < minDurationMs) return false;
  if (service !== undefined && !trace.spans.some((span) => isSame(span.service, service))) return false;
  return errorsOnly !== true || trace.spans.some((span) => span.status.code === 'ERROR');
}

interface Dated {
  readonly trace: Trace;
  readonly startNs: bigint;
}

function byNewest(a: Dated, b: Dated): number {
  return compareNs(b.startNs, a.startNs);
}

/** Keeps the `last` traces that started last of however many are added. */
export class NewestTraces {
  readonly #last: number;
  #kept: Dated[] = [];

  constructor(last: number) {
    this.#last = last;
  }

  add(trace: Trace): void {
    this.#kept.push({ trace, startNs: rootOf(trace)?.startNs ?? 0n });
    if (this.#kept.length >= 2 * this.#last + 16) this.#cut();
  }

  #cut(): void {
    this.#kept = this.#kept.sort(byNewest).slice(0, this.#last);
  }

  /** Newest first. */
  get traces(): Trace[] {
    this.#cut();
    return this.#kept.map(({ trace }) => trace);
  }
}

/** Those of the traces that the query asks for; with `last` they are held until all are known. */
export async function* selectTraces(traces: AsyncIterable<Trace>, query: TraceQuery): AsyncGenerator<Trace> {
  const newest = query.last === undefined ? undefined : new NewestTraces(query.last);
  for await (const trace of traces) {
    if (!matchesQuery(trace, query)) continue;
    if (newest === undefined) yield trace;
    else newest.add(trace);
  }
  if (newest !== undefined) yield* newest.traces;
}
