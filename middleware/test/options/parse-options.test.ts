// Options that are misspelt or wrong are refused with the name, the value and the cure.

import { describe, expect, it } from '@jest/globals';
import * as checks from '../../src/options/checks.ts';
import { type Check, parseOptions, show } from '../../src/options/parse-options.ts';
import { LongpoleError } from '../../src/shared/errors.ts';

const CHECKS = { service: checks.isString, timeoutMs: checks.isDurationMs };

const errorOf = (run: () => void): LongpoleError => {
  try {
    run();
  } catch (error) {
    if (error instanceof LongpoleError) return error;
  }
  throw new Error('no LongpoleError was thrown');
};

describe('parseOptions', () => {
  it('accepts what it knows, undefined values and no options at all', () => {
    parseOptions('x()', { service: 'a', timeoutMs: 0 }, CHECKS);
    parseOptions('x()', { service: undefined }, CHECKS);
    parseOptions('x()', undefined, CHECKS);
  });

  it.each([
    ['servcie', 'service'],
    ['Service', 'service'],
    ['timeout', 'timeoutMs'],
    ['timeoutMS', 'timeoutMs'],
  ])('%s: did you mean %s?', (key, near) => {
    const error = errorOf(() => parseOptions('x()', { [key]: 'a' }, CHECKS));
    expect(error.code).toBe('ERR_LONGPOLE_UNKNOWN_OPTION');
    expect(error.message).toBe(
      `x() received an unknown option \`${key}\`. Did you mean \`${near}\`? [ERR_LONGPOLE_UNKNOWN_OPTION]`,
    );
  });

  it('lists what it knows when nothing is near', () => {
    const error = errorOf(() => parseOptions('x()', { colour: 'a' }, CHECKS));
    expect(error.message).toMatch(/It knows service, timeoutMs\./);
  });

  it.each(['__proto__', 'constructor', 'toString'])('does not take %s for an option', (key) => {
    const options = JSON.parse(`{"${key}": 1}`) as object;
    expect(errorOf(() => parseOptions('x()', options, CHECKS)).code).toBe('ERR_LONGPOLE_UNKNOWN_OPTION');
  });

  it('names an option that is missing', () => {
    expect(errorOf(() => parseOptions('x()', {}, CHECKS, ['service'])).message).toMatch(
      /x\(\) needs the option `service`: expected a non-empty string\. \[ERR_LONGPOLE_INVALID_OPTION\]/,
    );
    expect(errorOf(() => parseOptions('x()', undefined, CHECKS, ['service'])).message).toMatch(
      /takes an options object/,
    );
  });

  it.each([[[]], [null], ['text'], [7]])('refuses %p instead of an object', (options) => {
    expect(errorOf(() => parseOptions('x()', options as object, CHECKS)).message).toMatch(
      /takes an options object/,
    );
  });
});

describe('checks', () => {
  const symbol = Symbol('s');
  it.each([
    [checks.isString, 'a', true],
    [checks.isString, '', false],
    [checks.isString, 7, false],
    [checks.isBoolean, false, true],
    [checks.isBoolean, 'false', false],
    [checks.isFunction, () => {}, true],
    [checks.isFunction, {}, false],
    [checks.isDurationMs, 0, true],
    [checks.isDurationMs, -1, false],
    [checks.isDurationMs, Number.POSITIVE_INFINITY, false],
    [checks.isDurationMs, '5', false],
    [checks.isCount, 0, true],
    [checks.isCount, 1.5, false],
    [checks.isOrdinal, 1, true],
    [checks.isOrdinal, 0, false],
    [checks.isHttpUrl, 'https://a', true],
    [checks.isHttpUrl, 'a:1', false],
    [checks.isHttpUrl, symbol, false],
    [checks.isOtlpBaseUrl, 'http://a/b', true],
    [checks.isOtlpBaseUrl, 'http://a/v1/traces/', false],
    [checks.isRecordOfFunctions, { a: () => 1 }, true],
    [checks.isRecordOfFunctions, { a: 1 }, false],
    [checks.isRecordOfFunctions, [], false],
    [checks.isRecordOfStrings, { a: 'b' }, true],
    [checks.isRecordOfStrings, { a: 1 }, false],
    [checks.isRecordOfStrings, null, false],
    [checks.isRecord, {}, true],
    [checks.isRecord, [], false],
    [checks.isRecord, null, false],
  ] as [Check, unknown, boolean][])('%p of %p: %p', (check, value, fine) => {
    const wrong = check(value);
    expect(wrong === undefined).toBe(fine);
    if (wrong !== undefined) expect(wrong).toMatch(/^expected /);
  });

  it('isArrayOf tells of the first wrong element', () => {
    const check = checks.isArrayOf(checks.isString);
    expect(check(['a', 'b'])).toBeUndefined();
    expect(check(['a', 7])).toBe('expected a non-empty string');
    expect(check('a')).toBe('expected an array');
  });

  it('isOneOf and hasMethod name what they want', () => {
    expect(checks.isOneOf('a', 'b')('c')).toBe("expected one of 'a', 'b'");
    expect(checks.hasMethod('run', 'a runner')({ run() {} })).toBeUndefined();
    expect(checks.hasMethod('run', 'a runner')(null)).toBe('expected a runner');
  });
});

describe('a bad value in an error', () => {
  it('of an object shows only the keys, because the values may be secrets', () => {
    expect(show({ authorization: 'Bearer x', a: 1 })).toBe('{ authorization, a }');
  });

  it.each([
    ['text', '"text"'],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [10n, '10'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [['a', 1], '["a",1]'],
  ])('%p is shown as %s', (value, text) => {
    expect(show(value)).toBe(text);
  });

  it('is cut when it is long, and never throws', () => {
    expect(show('x'.repeat(500))).toHaveLength(78);
    const circular: unknown[] = [];
    circular.push(circular);
    expect(show(circular)).toBe('a value that cannot be shown');
  });
});
