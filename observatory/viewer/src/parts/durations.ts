// Durations and times as the page writes them.
import { durationText } from '../../../src/trace/duration-text.ts';

/** A duration in nanoseconds: `2 500 ms`, `3.4 ms`, `812 µs`. */
export function nsText(ns: number): string {
  return durationText(BigInt(Math.round(ns)));
}

/** A duration in milliseconds. */
export function msText(ms: number): string {
  return nsText(ms * 1e6);
}

const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** The time of day, with the date where that is not today. */
export function timeText(epochMs: number, nowMs: number): string {
  const time = `${TIME.format(epochMs)}.${String(Math.floor(epochMs % 1000)).padStart(3, '0')}`;
  const date = DATE.format(epochMs);
  return date === DATE.format(nowMs) ? time : `${date} ${time}`;
}
