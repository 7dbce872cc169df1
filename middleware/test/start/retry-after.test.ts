// The forms that a Retry-After header can have.

import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../src/start/retry-after.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['30', 30_000],
    [' 5 ', 5000],
    ['Sun, 22 Nov 2026 12:00:07 GMT', 7000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%p means %p ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
