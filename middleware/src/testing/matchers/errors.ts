// toHaveNoErrors() and toHaveError(): what failed in the trace.

import { types } from 'node:util';
import { isArrayOf } from '../../options/checks.ts';
import { type Check, parseOptions } from '../../options/parse-options.ts';
import type { Mark } from '../drawing/draw-trace.ts';
import { isText } from '../matching/checks.ts';
import { matchesValue } from '../matching/value.ts';
import { errorsOf, errorText, isFailed, type SpanError } from '../view/errors-of.ts';
import type { ViewNode } from '../view/trace-view.ts';
import { argumentError } from './argument-error.ts';
import { givenTrace } from './given-trace.ts';
import { type MatcherResult, plural, result } from './result.ts';

export interface NoErrorsOptions {
  /** Names of spans that may fail. */
  readonly except?: readonly (string | RegExp)[];
}

/** Passes when no span has the status ERROR. An exception that was recorded on a span that did not fail is none. */
export function toHaveNoErrors(received: unknown, options?: NoErrorsOptions): MatcherResult {
  const view = givenTrace('toHaveNoErrors()', received);
  parseOptions('toHaveNoErrors()', options, { except: isArrayOf(isText) });
  const except = options?.except ?? [];
  const failed = view.nodes.filter(
    ({ span }) => isFailed(span) && !except.some((name) => matchesValue(span.name, name)),
  );
  const call = { matcher: 'toHaveNoErrors', args: [options] };
  const pass = failed.length === 0;
  const say = () => [
    pass ? 'Expected an error, but no span failed.' : `${plural(failed.length, 'span')} failed.`,
  ];
  return result(call, view, { pass, say, marks: () => failed.map((node) => markErrors(node, '✗')) });
}

/** What a test knows of an error. What is left out does not matter. */
export interface ExpectedError {
  /** `error.type`, or the class of the exception. */
  readonly type?: string | RegExp;
  /** A part of the message, or a pattern. */
  readonly message?: string | RegExp;
  /** Name of the span. */
  readonly span?: string | RegExp;
  /** `service.name` of the span. */
  readonly service?: string | RegExp;
}

const checks: Record<string, Check> = { type: isText, message: isText, span: isText, service: isText };

/**
 * Passes when a span failed, or an exception was recorded on one, as described. A string is a part of the message or the
 * whole type, a RegExp is tested on both. Without an argument, every error will do.
 */
export function toHaveError(received: unknown, expected?: string | RegExp | ExpectedError): MatcherResult {
  const view = givenTrace('toHaveError()', received);
  const isWord = parseExpected(expected);
  const failing = view.nodes.filter(({ span }) => isFailed(span) || errorsOf(span).length > 0);
  const found = failing.filter((node) =>
    isWord
      ? errorsOf(node.span).some((error) => fitsWord(error, expected as string))
      : fits(node, expected as ExpectedError),
  );
  const call = { matcher: 'toHaveError', args: [expected] };
  const pass = found.length > 0;
  const marked = pass ? found : failing;
  const say = () => [pass ? sayUnwanted(found.length) : sayMissing(failing.length)];
  return result(call, view, {
    pass,
    say,
    marks: () => marked.map((node) => markErrors(node, pass ? '✗' : '→')),
  });
}

/** Whether the argument is a string or a RegExp; other than that only an object of options is allowed. */
function parseExpected(expected: unknown): boolean {
  const isWord = typeof expected === 'string' || types.isRegExp(expected);
  if (isWord && isText(expected) !== undefined) {
    throw argumentError('toHaveError()', expected, 'expected a part of the message, which is not empty');
  }
  if (!isWord) parseOptions('toHaveError()', expected as object | undefined, checks);
  return isWord;
}

function fitsWord(error: SpanError, word: string | RegExp): boolean {
  return hasPart(error.message, word) || matchesValue(error.type, word);
}

function fits({ span }: ViewNode, expected: ExpectedError = {}): boolean {
  const { type, message, service } = expected;
  const isHere =
    (expected.span === undefined || matchesValue(span.name, expected.span)) &&
    (service === undefined || matchesValue(span.service, service));
  if (!isHere || (type === undefined && message === undefined)) return isHere;
  return errorsOf(span).some(
    (error) =>
      (type === undefined || matchesValue(error.type, type)) &&
      (message === undefined || hasPart(error.message, message)),
  );
}

function hasPart(text: string, part: string | RegExp): boolean {
  return typeof part === 'string' ? text.includes(part) : matchesValue(text, part);
}

function sayUnwanted(found: number): string {
  return `Expected no such error, but ${plural(found, 'span')} ${found === 1 ? 'has' : 'have'} one.`;
}

function sayMissing(failing: number): string {
  return failing === 0
    ? 'No span failed.'
    : `No error is as expected. ${plural(failing, 'span')} failed otherwise:`;
}

function markErrors(node: ViewNode, sign: Mark['sign']): Mark {
  const status = String(node.span.attributes['http.response.status_code']);
  const notes = errorsOf(node.span).map(errorText);
  return { node, sign, notes: notes.filter((text) => text !== status) };
}
