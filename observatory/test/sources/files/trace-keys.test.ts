// Keys of trace ids: the same from text and from spans, and spread whatever the ids have in common.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KEY_LIMIT, keyOf, keysOf, scanKeys } from '../../../src/sources/files/trace-keys.ts';
import { makeSpan } from '../../trace/draw.ts';

const anyId = fc.stringMatching(/^[0-9a-f]{32}$/);
const MANY = 20_000;
const ids = (idOf: (hex: string) => string) =>
  Array.from({ length: MANY }, (_, i) => idOf(i.toString(16).padStart(12, '0')));

describe('the key of a trace id', () => {
  test('is the same from the text of a line, in either case, and from a span', () => {
    fc.assert(
      fc.property(anyId, (traceId) => {
        const keys = new Set([keyOf(traceId)]);
        expect(scanKeys(Buffer.from(JSON.stringify({ traceId })))).toEqual(keys);
        expect(scanKeys(Buffer.from(`{"traceId" : "${traceId.toUpperCase()}"}`))).toEqual(keys);
        expect(keysOf([makeSpan({ traceId })])).toEqual(keys);
      }),
    );
  });

  test.each([
    ['numbers at the end', ids((hex) => `${'0'.repeat(20)}${hex}`)],
    ['numbers at the beginning, one end for all', ids((hex) => `${hex}${'0'.repeat(20)}`)],
    ['numbers in the middle', ids((hex) => `deadbeef00${hex}1234567890`)],
    ['the same number twice', ids((hex) => `0000${hex}0000${hex}`)],
    ['64 bits twice', ids((hex) => `${hex.slice(-4).repeat(4)}${hex.slice(-4).repeat(4)}`)],
    ['steps of 65 536', ids((hex) => `${'0'.repeat(16)}${hex}0000`)],
  ])('is spread evenly over all keys: %s', (_, all) => {
    const keys = all.map(keyOf);
    expect(new Set(keys).size).toBeGreaterThan(MANY - 3);
    const parts = new Uint32Array(64);
    for (const key of keys) {
      const part = Math.floor((key / KEY_LIMIT) * parts.length);
      parts[part] = (parts[part] as number) + 1;
    }
    expect(parts.reduce((sum, count) => sum + count, 0)).toBe(MANY);
    const fair = MANY / parts.length;
    expect(Math.min(...parts)).toBeGreaterThan(fair * 0.6);
    expect(Math.max(...parts)).toBeLessThan(fair * 1.4);
  });
});
