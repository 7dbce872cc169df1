// Parameters as people and clients write them.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostName } from '../../src/api/check-host.ts';
import { parseDurationNs, parseLookbackNs } from '../../src/api/parse-duration.ts';
import { parseTags } from '../../src/api/parse-tags.ts';
import { parseRfc3339Ns, parseUnitsNs } from '../../src/api/parse-time.ts';
import { parseTraceId } from '../../src/api/parse-trace-id.ts';

describe('a duration', () => {
  it.each([
    ['1.2s', 1_200_000_000n],
    ['100ms', 100_000_000n],
    ['250us', 250_000n],
    ['250µs', 250_000n],
    ['1ns', 1n],
    ['1h30m', 5_400_000_000_000n],
    ['1m0.5s', 60_500_000_000n],
    ['.5s', 500_000_000n],
    ['1.s', 1_000_000_000n],
    ['+1s', 1_000_000_000n],
    ['0', 0n],
    ['0.000000001s', 1n],
  ])('%s is read', (text, ns) => {
    expect(parseDurationNs(text)).toBe(ns);
  });

  it.each([
    '',
    '1',
    'ms',
    '-1s',
    '1 s',
    '1S',
    's1',
    '1s2',
    'Infinity',
    '1e3s',
    '1..2s',
    `${'1'.repeat(70)}s`,
  ])('%j is refused', (text) => {
    expect(parseDurationNs(text)).toBeUndefined();
  });

  it('may count in days and weeks only when it looks back', () => {
    expect(parseLookbackNs('2d')).toBe(172_800_000_000_000n);
    expect(parseLookbackNs('1w')).toBe(604_800_000_000_000n);
    expect(parseLookbackNs('90m')).toBe(5_400_000_000_000n);
    expect(parseDurationNs('2d')).toBeUndefined();
  });
});

describe('a point in time', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2026-11-22T10:00:00.123456789Z', 1_795_341_600_123_456_789n],
    ['2026-11-22T11:00:00+01:00', 1_795_341_600_000_000_000n],
    ['2026-11-22T11:00:00 01:00', 1_795_341_600_000_000_000n],
    ['2026-11-22t10:00:00z', 1_795_341_600_000_000_000n],
    ['1969-12-31T23:59:59.5Z', -500_000_000n],
  ])('%s is read to the nanosecond', (text, ns) => {
    expect(parseRfc3339Ns(text)).toBe(ns);
  });

  it.each([
    '',
    'now',
    '2026-11-22',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '1795341600',
  ])('%j is refused', (text) => {
    expect(parseRfc3339Ns(text)).toBeUndefined();
  });

  it('in whole units takes no fractions, words or endless digits', () => {
    expect(parseUnitsNs('1795341600000000', 1_000n)).toBe(1_795_341_600_000_000_000n);
    for (const text of ['1.5', 'abc', '', '1e3', '9'.repeat(30)]) {
      expect(parseUnitsNs(text, 1_000n)).toBeUndefined();
    }
  });
});

describe('a trace id', () => {
  it.each([
    ['5B8EFFF798038103D269B633813FC60C', '5b8efff798038103d269b633813fc60c'],
    ['d269b633813fc60c', '0000000000000000d269b633813fc60c'],
    ['1', '00000000000000000000000000000001'],
    ['W47/95gDgQPSabYzgT/GDA==', '5b8efff798038103d269b633813fc60c'],
    ['W47_95gDgQPSabYzgT_GDA', '5b8efff798038103d269b633813fc60c'],
  ])('%s is understood', (text, id) => {
    expect(parseTraceId(text)).toBe(id);
  });

  it.each(['', 'xyz', '0x12', 'a'.repeat(33), '../../etc/passwd'])('%j is refused', (text) => {
    expect(parseTraceId(text)).toBeUndefined();
  });
});

describe('tags', () => {
  it.each([
    [
      '{"a":"b","c":"d"}',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '{"code":200,"error":true}',
      [
        ['code', '200'],
        ['error', 'true'],
      ],
    ],
    ['{}', []],
    ['url.full:http://x/y', [['url.full', 'http://x/y']]],
    ['empty:', [['empty', '']]],
  ])('%s are read', (text, pairs) => {
    expect(parseTags(text)).toEqual(pairs);
  });

  it.each(['{', '{"a":{}}', '{"a":null}', 'plain', ':value'])('%s are refused', (text) => {
    expect(parseTags(text)).toBeUndefined();
  });

  it('never fail otherwise', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseTags(text)).not.toThrow();
      }),
    );
  });
});

describe('a Host header', () => {
  it.each([
    ['LOCALHOST:16686', 'localhost'],
    ['[::1]:16686', '::1'],
    ['127.0.0.1', '127.0.0.1'],
    ['example.com.:80', 'example.com'],
  ])('%s names its host', (header, host) => {
    expect(hostName(header)).toBe(host);
  });
});
