// Times of the command line: `2h` ago, a date and time, and windows from one to another.
import { UsageError } from '../usage-error.ts';

/** From `sinceMs` on and before `untilMs`, milliseconds since the Unix epoch; an absent end is open. */
export interface TimeWindow {
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3 };
const AGO = /^(\d+(?:\.\d+)?) *([smhd])(?: ago)?$/i;
const DATE = /^\d{4}-\d{2}-\d{2}/;

/** Milliseconds since the epoch of `now`, `90s`, `30m`, `2h`, `1d` (ago) or an ISO 8601 time; `undefined` when it is none. */
function momentOf(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === 'now') return now;
  const [, amount, unit = ''] = AGO.exec(trimmed) ?? [];
  if (amount !== undefined) return now - Number(amount) * (UNITS_MS[unit.toLowerCase()] as number);
  const time = DATE.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function notATime(text: string, from: string): UsageError {
  return new UsageError(
    `${from} ${JSON.stringify(text)} is no time: write 30m, 2h or 1d (ago), now, or 2026-11-22T10:00:00Z.`,
  );
}

/**
 * A point in time.
 * @param from The flag it was given as.
 * @throws UsageError
 */
export function parseMoment(text: string, from: string, now: number): number {
  const moment = momentOf(text, now);
  if (moment === undefined) throw notATime(text, from);
  return moment;
}

/** Whether a text is meant as a window and not as a file or a URL: `2h..1h`, `1h`. */
export function looksLikeWindow(text: string): boolean {
  return AGO.test(text.trim()) || /^[^/\\]*\.\.[^/\\]*$/.test(text);
}

/**
 * A window of time: `2h..1h`, `2026-11-22T10:00Z..now`, `1h` for the last hour; an end left out is open.
 * @throws UsageError on a time that is none and on a window that ends before it starts.
 */
export function parseWindow(text: string, from: string, now: number): TimeWindow {
  const [start = '', end = ''] = text.split('..', 2);
  if (start === '' && end === '') throw notATime(text, from);
  const sinceMs = start === '' ? undefined : parseMoment(start, from, now);
  const untilMs = end === '' ? undefined : parseMoment(end, from, now);
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs)
    throw new UsageError(
      `${from} ${text}: the window ends before it starts; write the earlier time first, as in 2h..1h.`,
    );
  return { ...(sinceMs !== undefined && { sinceMs }), ...(untilMs !== undefined && { untilMs }) };
}
