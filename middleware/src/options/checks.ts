// The kinds of option values, each with the sentence that tells what was expected.

import type { Check } from './parse-options.ts';

export const isString: Check = (value) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'expected a non-empty string';

export const isBoolean: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'expected true or false';

export const isFunction: Check = (value) => (typeof value === 'function' ? undefined : 'expected a function');

/** A finite number of milliseconds, zero or more. */
export const isDurationMs: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'expected a number of milliseconds, 0 or more';

/** A whole number, zero or more. */
export const isCount: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'expected a whole number, 0 or more';

/** An absolute http(s) URL. */
export const isHttpUrl: Check = (value) =>
  typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '')
    ? undefined
    : 'expected an absolute URL that begins with http:// or https://';

export function isOneOf(...allowed: readonly string[]): Check {
  return (value) =>
    allowed.includes(value as string)
      ? undefined
      : `expected one of ${allowed.map((a) => `'${a}'`).join(', ')}`;
}

export function isArrayOf(each: Check): Check {
  return (value) =>
    Array.isArray(value) ? value.map(each).find((w) => w !== undefined) : 'expected an array';
}

/** An object whose values are all functions. */
export const isRecordOfFunctions: Check = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every((v) => typeof v === 'function')
    ? undefined
    : 'expected an object of functions, one for each attribute';
