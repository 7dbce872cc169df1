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

/** A whole number, one or more. */
export const isOrdinal: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 ? undefined : 'expected a whole number, 1 or more';

/** An absolute http(s) URL. */
export const isHttpUrl: Check = (value) =>
  typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '')
    ? undefined
    : 'expected an absolute URL that begins with http:// or https://';

/** The base URL of an OTLP/HTTP backend. */
export const isOtlpBaseUrl: Check = (value) =>
  isHttpUrl(value) ??
  (/\/v1\/traces\/*$/.test(URL.parse(value as string)?.pathname ?? '')
    ? 'expected the URL without /v1/traces, which is added to it'
    : undefined);

export function isOneOf(...allowed: readonly string[]): Check {
  return (value) =>
    allowed.includes(value as string)
      ? undefined
      : `expected one of ${allowed.map((a) => `'${a}'`).join(', ')}`;
}

export function isArrayOf(each: Check): Check {
  return (value) =>
    Array.isArray(value)
      ? value.map((item) => each(item)).find((wrong) => wrong !== undefined)
      : 'expected an array';
}

/** An object with a method of that name; `what` names the kind of object. */
export function hasMethod(name: string, what: string): Check {
  return (value) =>
    typeof (value as Record<string, unknown> | null)?.[name] === 'function' ? undefined : `expected ${what}`;
}

/** An object whose values are all functions. */
export const isRecordOfFunctions: Check = isRecordOf(
  'function',
  'an object of functions, one for each attribute',
);

/** An object whose values are all strings. */
export const isRecordOfStrings: Check = isRecordOf('string', 'an object of strings');

/** Span attributes; what values they may have is the SDK's business. */
export const isRecord: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'expected an object';

function isRecordOf(type: 'function' | 'string', what: string): Check {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((v) => typeof v === type)
      ? undefined
      : `expected ${what}`;
}
