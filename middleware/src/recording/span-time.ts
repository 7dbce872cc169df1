// Reads the times that the trace API takes, in all their forms.

import type { HrTime, TimeInput } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import { hrTimeSince, type Moment, now, toHrTime } from '../shared/clock.ts';

/** Whether it is a time at all (OpenTelemetry API, `TimeInput`). */
export function isTime(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || isHrTime(value);
}

/**
 * A time as `[seconds, nanoseconds]`. Numbers up to the process's age are readings of `performance.now()`, others
 * milliseconds since the Unix epoch. What is no time is the present; with `start`, never before that.
 */
export function hrTimeOf(input: TimeInput | undefined, start?: Moment): HrTime {
  if (isHrTime(input)) return input;
  if (typeof input === 'number') {
    const isReading = input <= performance.now();
    return millisToHrTime(isReading ? now().epochMs - performance.now() + input : input);
  }
  if (input instanceof Date) return millisToHrTime(input.getTime());
  return start === undefined ? toHrTime(now()) : hrTimeSince(start);
}

/** From one time to another, `undefined` when it would be negative. */
export function durationBetween(start: HrTime, end: HrTime): HrTime | undefined {
  const seconds = end[0] - start[0];
  const nanos = end[1] - start[1];
  if (seconds < 0 || (seconds === 0 && nanos < 0)) return undefined;
  return nanos < 0 ? [seconds - 1, nanos + 1e9] : [seconds, nanos];
}

function isHrTime(value: unknown): value is HrTime {
  return (
    Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'number'
  );
}
