// The description of a span in a test, and how far a span is from it.

import { types } from 'node:util';
import { isOneOf, isOrdinal } from '../../options/checks.ts';
import { type Check, nearest, parseOptions } from '../../options/parse-options.ts';
import type { CapturedSpan, CapturedSpanKind } from '../captured.ts';
import { argumentError } from '../matchers/argument-error.ts';
import { isExpectedAttributes, isHttpStatusOrCode, isText } from './checks.ts';
import { matchesValue, showExpected } from './value.ts';

/** A value, a RegExp for strings, an asymmetric matcher such as `expect.any(String)`, or `undefined`: not there. */
export type ExpectedAttributes = Readonly<Record<string, unknown>>;

/** What a test knows of a span. What is left out does not matter. */
export interface SpanOptions {
  /** `service.name`. */
  readonly service?: string | RegExp;
  readonly kind?: CapturedSpanKind;
  /** The code of the span's status, or the HTTP status of the response. */
  readonly status?: 'UNSET' | 'OK' | 'ERROR' | number;
  /** Attributes that the span has, among others. */
  readonly attributes?: ExpectedAttributes;
  /** How many such spans there are. Defaults to one or more. */
  readonly times?: number;
}

export interface SpanQuery extends SpanOptions {
  readonly name?: string | RegExp;
}

const checks: Record<string, Check> = {
  name: isText,
  service: isText,
  kind: isOneOf('INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'),
  status: isHttpStatusOrCode,
  attributes: isExpectedAttributes,
  times: isOrdinal,
};

/**
 * The query that `(name, options)` or `(query)` stands for.
 *
 * @throws LongpoleError `ERR_LONGPOLE_MATCHER_ARGUMENT`, `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function parseSpanQuery(owner: string, args: readonly unknown[]): SpanQuery {
  const [first, second] = args;
  const isName = typeof first === 'string' || types.isRegExp(first);
  if (!isName && (typeof first !== 'object' || first === null)) {
    throw argumentError(
      owner,
      first,
      "expected the name of a span, such as 'GET /orders/:id', or { service, kind, … }",
    );
  }
  if (isName && isText(first) !== undefined)
    throw argumentError(owner, first, 'expected a name that is not empty');
  const options = isName ? second : first;
  parseOptions(owner, options as object | undefined, checks);
  return isName ? { ...(options as SpanOptions | undefined), name: first } : (options as SpanQuery);
}

export interface Mismatch {
  readonly what: 'name' | 'service' | 'kind' | 'status' | 'attribute';
  readonly note: string;
}

/** What of the span is not as the query says; empty when it matches. */
export function mismatchesOf(span: CapturedSpan, query: SpanQuery): Mismatch[] {
  const plain = (['name', 'service', 'kind'] as const)
    .filter((what) => query[what] !== undefined && !matchesValue(span[what], query[what]))
    .map((what) => mismatch(what, what, query[what], span[what]));
  const attributes = attributeMismatches(span, query.attributes ?? {});
  return [...plain, ...statusMismatch(span, query.status), ...attributes];
}

/** Which of the expected attributes the span lacks or has with another value. */
export function attributeMismatches(span: CapturedSpan, expected: ExpectedAttributes): Mismatch[] {
  return Object.entries(expected)
    .filter(([key, value]) => !matchesValue(span.attributes[key], value))
    .map(([key, value]) => {
      if (value === undefined || Object.hasOwn(span.attributes, key)) {
        return mismatch('attribute', key, value, span.attributes[key]);
      }
      const near = nearest(key, Object.keys(span.attributes));
      const hint =
        near === undefined ? '' : `; did you mean ${near}, which is ${showExpected(span.attributes[near])}?`;
      return { what: 'attribute', note: `${key}: expected ${showExpected(value)}, but there is none${hint}` };
    });
}

function statusMismatch(span: CapturedSpan, expected: SpanQuery['status']): Mismatch[] {
  const isHttp = typeof expected === 'number';
  const actual = isHttp ? span.attributes['http.response.status_code'] : span.status.code;
  if (expected === undefined || actual === expected) return [];
  return [mismatch('status', isHttp ? 'HTTP status' : 'status', expected, actual)];
}

function mismatch(what: Mismatch['what'], label: string, expected: unknown, actual: unknown): Mismatch {
  if (expected === undefined)
    return { what, note: `${label}: expected none, but it is ${showExpected(actual)}` };
  const is = actual === undefined ? 'there is none' : `it is ${showExpected(actual)}`;
  return { what, note: `${label}: expected ${showExpected(expected)}, but ${is}` };
}
