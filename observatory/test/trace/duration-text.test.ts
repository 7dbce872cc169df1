// Durations, shares and counts as people read them.
import { expect, test } from '@jest/globals';
import { countText, durationText, percentText } from '../../src/trace/duration-text.ts';
import { msToNs, nsToMs, shareOf } from '../../src/trace/nanoseconds.ts';

test.each<[bigint, string]>([
  [2_500_000_000n, '2 500 ms'],
  [3_003_500_000n, '3 004 ms'],
  [1_234_567_000_000n, '1 234 567 ms'],
  [999_499_999n, '999 ms'],
  [10_400_000n, '10 ms'],
  [9_960_000n, '10 ms'],
  [9_940_000n, '9.9 ms'],
  [3_000_000n, '3 ms'],
  [1_040_000n, '1 ms'],
  [999_600n, '1 000 µs'],
  [812_000n, '812 µs'],
  [1_500n, '1.5 µs'],
  [40n, '40 ns'],
  [0n, '0 ns'],
  [-2_000_000n, '-2 ms'],
])('%d ns is %s', (ns, text) => {
  expect(durationText(ns)).toBe(text);
});

test.each<[number, string]>([
  [0.8322, '83 %'],
  [1, '100 %'],
  [0.004, '<1 %'],
  [0.998, '>99 %'],
  [0, '0 %'],
])('a share of %d is %s', (share, text) => {
  expect(percentText(share)).toBe(text);
});

test('counts carry their noun', () => {
  expect([countText(1, 'span'), countText(0, 'span'), countText(12_345, 'span')]).toEqual([
    '1 span',
    '0 spans',
    '12 345 spans',
  ]);
});

test('milliseconds and nanoseconds cross exactly', () => {
  expect(nsToMs(1_234_567_891n)).toBe(1234.567891);
  expect(nsToMs(-1_500_000n)).toBe(-1.5);
  expect(msToNs(1234.567891)).toBe(1_234_567_891n);
  expect([shareOf(1n, 4n), shareOf(1n, 0n)]).toEqual([0.25, 0]);
});

test('milliseconds of nanoseconds have no more than six decimals', () => {
  for (const ns of [142_914_916n, 1_001_000_003n, 3_113_956_054n, 86_400_000_000_001n]) {
    expect(String(nsToMs(ns))).toBe(
      String(ns)
        .replace(/(\d{6})$/, '.$1')
        .replace(/0+$/, ''),
    );
  }
});
