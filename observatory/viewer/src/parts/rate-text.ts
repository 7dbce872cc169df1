// Rates and failures of services in words.
import { percentText } from '../../../src/trace/duration-text.ts';

/** Requests a second or a minute; the number alone when the time is too short to tell. */
export function rateText(count: number, seconds: number): string {
  if (seconds < 1) return `${count}`;
  const rate = count / seconds;
  return rate >= 1 ? `${rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`;
}

/** The share that failed. */
export function errorText(errors: number, count: number): string {
  return errors === 0 || count === 0 ? 'none' : percentText(errors / count);
}
