// Numbers of the command line.
import { expect, test } from '@jest/globals';
import { parseBytes, parseCount } from '../../src/cli/parse-size.ts';

test.each([
  ['1GiB', 2 ** 30],
  ['512 mib', 512 * 2 ** 20],
  ['1.5kB', 1_500],
  ['1000', 1_000],
])('%s is %d bytes', (text, bytes) => {
  expect(parseBytes(text, '--max-bytes')).toBe(bytes);
});

test.each(['', '0', '-1', 'many', '1 parsec', '1e999', 'GiB'])('%j is no size', (text) => {
  expect(() => parseBytes(text, '--max-bytes')).toThrow('--max-bytes');
});

test('counts are whole and within their bounds', () => {
  expect(parseCount('16_686', '--ui-port', 0, 65_535)).toBe(16_686);
  for (const text of ['', ' ', '1.5', '-1', '65536', 'x', 'NaN']) {
    expect(() => parseCount(text, 'LONGPOLE_UI_PORT', 0, 65_535)).toThrow(
      `LONGPOLE_UI_PORT ${text}: give a whole number from 0 to 65535.`,
    );
  }
});
