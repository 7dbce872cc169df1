// What the pages compute without a browser.
import { describe, expect, it } from '@jest/globals';
import type { TraceRow } from '../../../src/view/index.ts';
import { toOtlpSpan } from '../../src/pages/trace/otlp-span.ts';
import { marksOf } from '../../src/pages/trace/trace-model.ts';
import { alongPath, neighbour } from '../../src/pages/trace/use-waterfall.ts';
import { mergeRows } from '../../src/pages/traces/use-trace-list.ts';
import { shown } from '../../src/parts/shown.ts';

function row(traceId: string, arrival: number, startMs = 0): TraceRow {
  const more = { durationMs: 1, spans: 1, errors: 0, isJob: false };
  return { traceId, service: 's', operation: 'o', startMs, arrival, ...more };
}

describe('news in the list', () => {
  it('replace older rows of the same trace, and the last begun comes first', () => {
    const merged = mergeRows([row('b', 2, 20), row('a', 1, 10)], [row('a', 3, 10), row('c', 4, 15)]);
    expect(merged.map(({ traceId, arrival }) => [traceId, arrival])).toEqual([
      ['b', 2],
      ['c', 4],
      ['a', 3],
    ]);
  });

  it('do not bring back what is newer already', () => {
    expect(mergeRows([row('a', 5)], [row('a', 3)])).toEqual([row('a', 5)]);
  });
});

describe('moving about', () => {
  it('goes to the next match, around the end', () => {
    expect(neighbour([2, 5, 9], 5, 1)).toBe(9);
    expect(neighbour([2, 5, 9], 9, 1)).toBe(2);
    expect(neighbour([2, 5, 9], 2, -1)).toBe(9);
    expect(neighbour([], 2, 1)).toBeUndefined();
  });

  it('follows the critical path, and begins it from a span off it', () => {
    const path = [{ span: 0 }, { span: 3 }, { span: 0 }];
    expect(alongPath(path, 3, 1)).toBe(0);
    expect(alongPath(path, 3, -1)).toBe(0);
    expect(alongPath(path, 7, 1)).toBe(0);
    expect(alongPath([], 7, 1)).toBeUndefined();
  });
});

describe('marks of spans', () => {
  it('are the codes of the warnings that are about them, each once', () => {
    const warnings = [
      { code: 'missing-parent', message: 'm', spans: [4, 4] },
      { code: 'clock-skew', message: 'm', spans: [2, 4] },
      { code: 'lost-context', message: 'm', spans: [] },
    ];
    expect([...marksOf({ warnings })]).toEqual([
      [4, ['missing-parent', 'clock-skew']],
      [2, ['clock-skew']],
    ]);
  });
});

describe('a span from OTLP JSON', () => {
  it('has its values as text, whatever their type', () => {
    const span = {
      startTimeUnixNano: '1000',
      status: { message: 'declined' },
      attributes: [
        { key: 'a', value: { stringValue: '<b>' } },
        { key: 'b', value: { intValue: '9007199254740993' } },
        { key: 'c', value: { arrayValue: { values: [{ boolValue: true }, {}] } } },
        { key: 'd', value: { kvlistValue: { values: [{ key: 'x', value: { doubleValue: 1.5 } }] } } },
        { key: 'e', value: {} },
      ],
      events: [{ name: 'exception', timeUnixNano: '3000', attributes: [] }],
    };
    const scopeSpans = [{ scope: { name: 'n', version: '1' }, spans: [span] }];
    expect(toOtlpSpan({ resourceSpans: [{ resource: {}, scopeSpans }] })).toEqual({
      attributes: [
        ['a', '<b>'],
        ['b', '9007199254740993'],
        ['c', '[true,null]'],
        ['d', '{"x":1.5}'],
        ['e', 'null'],
      ],
      events: [{ name: 'exception', afterNs: 2_000, attributes: [] }],
      statusMessage: 'declined',
      resource: [],
      scope: 'n 1',
    });
  });

  it('is empty when there is nothing', () => {
    expect(toOtlpSpan(null)).toMatchObject({ attributes: [], events: [] });
  });
});

describe('names as they are shown', () => {
  it.each([
    ['', '(no name)'],
    ['a\u0000b\u001b[31m', 'a\uFFFDb\uFFFD[31m'],
    ['evil\u202Egnp.exe', 'evil\uFFFDgnp.exe'],
    ['\uD800', '\uFFFD'],
    ['naïve 名前 🙂', 'naïve 名前 🙂'],
  ])('%j is %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('are cut with a mark', () => {
    expect(shown('x'.repeat(1_000_000), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});
