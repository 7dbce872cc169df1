// What the arguments of the matchers may be, beside what all options may.

import { types } from 'node:util';
import type { Check } from '../../options/parse-options.ts';
import { isAsymmetric } from './value.ts';

/** A name as it is, or a pattern that it fits. */
export const isText: Check = (value) =>
  (typeof value === 'string' && value !== '') || types.isRegExp(value) || isAsymmetric(value)
    ? undefined
    : 'expected a non-empty string or a RegExp';

export const isHttpStatusOrCode: Check = (value) => {
  if (Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599) return undefined;
  return value === 'UNSET' || value === 'OK' || value === 'ERROR'
    ? undefined
    : "expected 'UNSET', 'OK', 'ERROR' or an HTTP status such as 201";
};

/** The expected attributes: a value of an attribute, a RegExp, an asymmetric matcher, or `undefined` for none. */
export const isExpectedAttributes: Check = (value) => {
  if (isAsymmetric(value) || typeof value !== 'object' || value === null || Array.isArray(value)) {
    return "expected an object such as { 'user.id': 'ada' }";
  }
  return Object.entries(value).flatMap(([key, item]) => wrongAttribute(key, item) ?? [])[0];
};

function wrongAttribute(key: string, value: unknown): string | undefined {
  const isFine =
    value === undefined ||
    ['string', 'number', 'boolean'].includes(typeof value) ||
    types.isRegExp(value) ||
    isAsymmetric(value) ||
    Array.isArray(value);
  return isFine ? undefined : `\`${key}\` can only be a string, a number, a boolean or an array of these`;
}
