// Span times with sub-microsecond resolution on the wall clock; durations come from the monotonic clock.

import { performance } from 'node:perf_hooks';
import type { HrTime } from '@opentelemetry/api';

/** A moment: milliseconds since the Unix epoch and the monotonic reading it belongs to. */
export interface Moment {
  readonly epochMs: number;
  readonly monotonicMs: number;
}

let anchorMs = performance.timeOrigin;

/** The present moment. Follows the wall clock when that was stepped (NTP, suspend). */
export function now(): Moment {
  const monotonicMs = performance.now();
  const wallMs = Date.now();
  const driftMs = wallMs - (anchorMs + monotonicMs);
  if (driftMs > 2 || driftMs < -2) anchorMs = wallMs - monotonicMs;
  return { epochMs: anchorMs + monotonicMs, monotonicMs };
}

/** The start as OpenTelemetry's `[seconds, nanoseconds]`. */
export function toHrTime(moment: Moment): HrTime {
  return epochToHrTime(moment.epochMs);
}

/** The present as `[seconds, nanoseconds]`, never before `start` even if the wall clock was set back since. */
export function hrTimeSince(start: Moment): HrTime {
  return epochToHrTime(start.epochMs + (performance.now() - start.monotonicMs));
}

function epochToHrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000);
  const nanos = Math.round((epochMs - seconds * 1000) * 1e6);
  return nanos === 1e9 ? [seconds + 1, 0] : [seconds, nanos];
}
