// How the command line understands routes, times and spans, and what it keeps of a stream.
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { nearestName } from '../../src/cli/nearest-name.ts';
import { bytesText } from '../../src/cli/output/progress-line.ts';
import { wrap } from '../../src/cli/output/wrap.ts';
import { keepNewest } from '../../src/cli/reading/keep-newest.ts';
import { isOnRoute, parseRoute } from '../../src/cli/reading/route-filter.ts';
import { looksLikeWindow, parseMoment, parseWindow } from '../../src/cli/reading/time-window.ts';
import { isSelected, selectSpans } from '../../src/cli/span-selector.ts';
import { parseAttribute, parseDurationMs } from '../../src/cli/traces/trace-filter.ts';
import { draw, makeSpan, TRACE_ID } from '../trace/draw.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3_600_000;
const analysis = analyzeTrace(
  draw(`
    gateway POST /checkout [server] |==========|
      gateway POST [client]         | ======== |
        payment charge [server]     |  ======  |
          payment payment           |   ===    |
  `),
);

describe('a route', () => {
  test('is the name of the root, with or without its service; case does not count', () => {
    const isOn = (text: string) => isOnRoute(analysis, parseRoute(text));
    expect(['POST /checkout', 'post /checkout', 'gateway · POST /checkout'].map(isOn)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['charge', 'payment · POST /checkout', 'POST'].map(isOn)).toEqual([false, false, false]);
  });

  test('of no text is wrong use', () => {
    expect(() => parseRoute(' ')).toThrow('--route " ": give a route such as \'POST /api/checkout\'.');
  });
});

describe('a time', () => {
  test.each([
    ['2h', NOW - 2 * HOUR],
    ['30m', NOW - HOUR / 2],
    ['90s', NOW - 90_000],
    ['1.5d', NOW - 36 * HOUR],
    ['now', NOW],
    ['2026-11-22T10:00:00Z', NOW - 2 * HOUR],
  ])('%s', (text, expected) => expect(parseMoment(text, '--since', NOW)).toBe(expected));

  test.each(['', 'yesterday', '2x', '2026-13-45', '12:00'])('%j is none', (text) => {
    expect(() => parseMoment(text, '--since', NOW)).toThrow(/^--since .* is no time: write 30m/);
  });

  test('a window has two ends, each of which may be left out', () => {
    expect(parseWindow('2h..1h', '--before', NOW)).toEqual({ sinceMs: NOW - 2 * HOUR, untilMs: NOW - HOUR });
    expect(parseWindow('1h', '--before', NOW)).toEqual({ sinceMs: NOW - HOUR });
    expect(parseWindow('..1h', '--before', NOW)).toEqual({ untilMs: NOW - HOUR });
    expect(() => parseWindow('1h..2h', '--before', NOW)).toThrow(/ends before it starts/);
    expect(() => parseWindow('..', '--before', NOW)).toThrow(/is no time/);
  });

  test('a file is not taken for a window', () => {
    expect(['2h..1h', '1h', '2026-11-22..now'].map(looksLikeWindow)).toEqual([true, true, true]);
    expect(['../a.json', 'a.jsonl', 'http://h:1', '..\\b.json'].map(looksLikeWindow)).toEqual(
      Array(4).fill(false),
    );
  });
});

describe('spans', () => {
  const nodes = analysis.tree.nodes;
  const namesOf = (text: string) =>
    nodes
      .filter((node) => isSelected(node, selectSpans(text, '--scale', nodes)))
      .map(({ span }) => span.name);

  test('are meant by service, by name, or by both; the service comes first', () => {
    expect(namesOf('payment')).toEqual(['charge', 'payment']);
    expect(namesOf('CHARGE')).toEqual(['charge']);
    expect(namesOf('payment · payment')).toEqual(['payment']);
  });

  test('that are not there are met with those that are', () => {
    expect(() => namesOf('paymnt')).toThrow(
      /^--scale "paymnt": .* Did you mean "payment"\? There are: gateway · POST/,
    );
  });
});

describe('durations and attributes', () => {
  test.each([
    ['250ms', 250],
    ['1.5s', 1_500],
    ['800us', 0.8],
    ['2m', 120_000],
    ['12', 12],
  ])('%s', (text, expected) => expect(parseDurationMs(text, '--min')).toBeCloseTo(expected));

  test('that are none', () => {
    expect(() => parseDurationMs('fast', '--min')).toThrow(
      '--min "fast": give a duration such as 250ms or 1.5s.',
    );
    expect(() => parseAttribute('=ada')).toThrow(/give KEY=VALUE/);
    expect(parseAttribute('q=a=b')).toEqual({ key: 'q', value: 'a=b' });
    expect(parseAttribute('user.id')).toEqual({ key: 'user.id' });
  });
});

describe('the newest of a stream', () => {
  const traceAt = (startMs: number) =>
    analyzeTrace({
      traceId: TRACE_ID,
      spans: [makeSpan({ id: `s${startMs}`, startMs, endMs: startMs + 1 })],
    });

  test('are handed on at the end, newest first', () => {
    const seen: bigint[] = [];
    const newest = keepNewest(2, ({ tree }) => seen.push(tree.root?.span.startNs ?? 0n));
    for (const at of [5, 1, 9, 3, 7, 2, 8]) newest.add(traceAt(at));
    expect(newest.finish()).toBe(2);
    expect(seen.map((ns) => Number(ns % 1_000_000_000n) / 1e6)).toEqual([9, 8]);
  });

  test('without a number are all of them, at once', () => {
    let count = 0;
    const all = keepNewest(undefined, () => {
      count += 1;
    });
    all.add(traceAt(1));
    expect([count, all.finish()]).toEqual([1, 1]);
  });
});

describe('words', () => {
  test('the nearest name', () => {
    expect(nearestName('checkot', ['checkout', 'cart'])).toBe('checkout');
    expect(nearestName('POST /checkout', ['POST /api/checkout', 'GET /'])).toBe('POST /api/checkout');
    expect(nearestName('nothing alike', ['checkout'])).toBeUndefined();
  });

  test('lines are broken between words, and a word that is too long is cut', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('one two three', 12, '- ')).toEqual(['- one two', '  three']);
    expect(wrap('x'.repeat(9), 5)).toEqual(['xxxx…']);
    expect(wrap('長い 名前', 5)).toEqual(['長い', '名前']);
  });

  test('sizes', () => {
    expect([0, 999, 1_200, 340e6, 2.1e9].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.2 kB',
      '340 MB',
      '2.1 GB',
    ]);
  });
});
