// Compares a value with what a test expects: a value, a RegExp, or an asymmetric matcher of the test runner.

import { inspect, types } from 'node:util';

/** What `expect.arrayContaining([…])` and its like return. */
export interface Asymmetric {
  asymmetricMatch(actual: unknown): boolean;
  toAsymmetricMatcher?(): string;
  readonly sample?: unknown;
}

export function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof (value as Partial<Asymmetric> | null)?.asymmetricMatch === 'function';
}

/** A RegExp is tested on strings; arrays are compared item by item; everything else as `Object.is` does. */
export function matchesValue(actual: unknown, expected: unknown): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(actual);
  if (types.isRegExp(expected)) return typeof actual === 'string' && testFromStart(expected, actual);
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, i) => matchesValue(actual[i], item))
    );
  }
  return Object.is(actual, expected);
}

/** A RegExp with the flag `g` or `y` keeps a place between two tests; here every test is the first. */
function testFromStart(expected: RegExp, actual: string): boolean {
  return new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(actual);
}

/** `'ada'`, `42`, `/^a/`, `Any<String>`, `StringContaining 'a'`, `{ 'user.id': 'ada' }`: on one line. */
export function showExpected(value: unknown): string {
  if (isAsymmetric(value)) {
    const name = value.toAsymmetricMatcher?.() ?? String(value);
    return value.toAsymmetricMatcher === undefined ? `${name} ${showExpected(value.sample)}` : name;
  }
  if (Array.isArray(value)) return `[${value.map(showExpected).join(', ')}]`;
  if (isPlain(value)) return showObject(value);
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 60 });
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !types.isRegExp(value) && !types.isPromise(value);
}

function showObject(value: Record<string, unknown>): string {
  const entries = Object.entries(value).map(([key, item]) => {
    return `${/^[\w$]+$/.test(key) ? key : `'${key}'`}: ${showExpected(item)}`;
  });
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
