// Times of spans: on the wall clock, finer than a millisecond, and durations that no clock step can spoil.

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { hrTimeSince, now, toHrTime } from '../../src/shared/clock.ts';

const toMs = ([seconds, nanos]: [number, number]): number => seconds * 1000 + nanos / 1e6;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the clock', () => {
  it('agrees with the wall clock to two milliseconds', () => {
    expect(Math.abs(toMs(toHrTime(now())) - Date.now())).toBeLessThanOrEqual(3);
  });

  it('tells apart moments within a millisecond', () => {
    const first = now();
    const deadline = performance.now() + 0.2;
    while (performance.now() < deadline);
    const [, nanos] = hrTimeSince(first);
    expect(nanos).not.toBe(toHrTime(first)[1]);
  });

  it.each([-3_600_000, 3_600_000])(
    'follows a step of the wall clock by %p ms, but not within a span',
    (step) => {
      const start = now();
      const wall = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => wall + step);
      const duration = toMs(hrTimeSince(start)) - toMs(toHrTime(start));
      expect(duration).toBeGreaterThanOrEqual(0);
      expect(duration).toBeLessThan(1000);
      expect(Math.abs(toMs(toHrTime(now())) - (wall + step))).toBeLessThan(1000);
    },
  );

  it('carries nanoseconds into the next second', () => {
    expect(toHrTime({ epochMs: 1999.9999999, monotonicMs: 0 })).toEqual([2, 0]);
    expect(toHrTime({ epochMs: 1500.25, monotonicMs: 0 })).toEqual([1, 500_250_000]);
  });
});
