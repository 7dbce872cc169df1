// Spans that stand for a run of equal ones, which the middleware folded into one (`longpole.folded.*`).
import type { AttributeValue, Span } from '../trace/span.ts';

/** A run of equal spans under one span. */
export interface Folded {
  /** How many spans it stands for. */
  readonly count: number;
  /** Sum of their durations, milliseconds: more than the span is long where they overlapped. */
  readonly totalMs: number;
  /** Duration of the longest, milliseconds. */
  readonly maxMs: number;
}

/** Nanoseconds in a millisecond: a number of milliseconds that is not finite as nanoseconds is none. */
const NS_PER_MS = 1e6;

function positive(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number * NS_PER_MS) && number > 0 ? number : undefined;
}

/** What a span stands for, if it says so in `longpole.folded.count`, `.total_ms` and `.max_ms`. */
export function foldedOf({ attributes }: Span): Folded | undefined {
  const count = positive(attributes['longpole.folded.count']);
  if (count === undefined || count < 2 || !Number.isInteger(count)) return undefined;
  const totalMs = positive(attributes['longpole.folded.total_ms']) ?? 0;
  return { count, totalMs, maxMs: positive(attributes['longpole.folded.max_ms']) ?? totalMs / count };
}
