// Text that comes from spans is printed without anything that steers or deceives.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf, cutTo, fitTo } from '../../src/cli/fit-text.ts';
import { printable, printableJson } from '../../src/cli/printable.ts';

describe('printable', () => {
  test.each([
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\tb\r\nc', 'a\\tb\\r\\nc'],
    ['\x7f\x9b0m', '\\x7f\\x9b0m'],
    ['\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
    ['zero\u200b\u200d\ufeffwidth', 'zero\\u{200b}\\u{200d}\\u{feff}width'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['\u2028\u3164', '\\u{2028}\\u{3164}'],
    ['\ud83d', '\\u{d83d}'],
    ['größe · 注文 🙂', 'größe · 注文 🙂'],
  ])('%j becomes %j', (text, safe) => {
    expect(printable(text)).toBe(safe);
  });

  test('no control or format character is left of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  test('JSON keeps its value and steers nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const json = printableJson(texts);
        expect(JSON.parse(json)).toEqual(texts);
        expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('fitting', () => {
  test.each([
    ['abc', 5, 'abc  '],
    ['abcdef', 4, 'abc…'],
    ['注文を確定', 7, '注文を…'],
    ['注文を確定', 6, '注文… '],
    ['abc', 0, ''],
  ])('%j in %d columns is %j', (text, columns, fitted) => {
    expect(fitTo(text, columns)).toBe(fitted);
  });

  test('any text fits exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
        expect(columnsOf(fitTo(printable(text), columns))).toBe(columns);
      }),
    );
  });

  test('a name of a million characters is cut at once', () => {
    expect(cutTo('x'.repeat(1_000_000), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});
