// Runs a piece of work inside a span of its own.

import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { errorMessage, exceptionType, recordException } from '../http/errors.ts';
import { hrTimeSince, type Moment, now, toHrTime } from '../shared/clock.ts';
import { guarded } from '../shared/guard.ts';
import { startSpanSafely } from './start-span.ts';

export type SpanKindName = keyof typeof SpanKind;

export interface WithSpanOptions {
  /** Defaults to `'INTERNAL'`. */
  readonly kind?: SpanKindName;
}

type Work<T> = (span: Span) => T;

/**
 * Runs `work` as a child span of the active one and returns what it returns: a promise stays a promise. What it
 * throws is recorded (exception event, `error.type`, status ERROR) and thrown on untouched.
 */
export function withSpan<T>(name: string, work: Work<T>): T;
export function withSpan<T>(
  name: string,
  attributes: Attributes,
  work: Work<T>,
  options?: WithSpanOptions,
): T;
export function withSpan<T>(
  name: string,
  attributesOrWork: Attributes | Work<T>,
  maybeWork?: Work<T>,
  options: WithSpanOptions = {},
): T {
  const work = typeof attributesOrWork === 'function' ? attributesOrWork : maybeWork;
  if (work === undefined) throw new TypeError(`withSpan('${name}', …) needs a function to run`);
  const attributes = typeof attributesOrWork === 'function' ? {} : attributesOrWork;
  const start = now();
  const kind = SpanKind[options.kind ?? 'INTERNAL'];
  return runInSpan(startSpanSafely(name, { kind, attributes, startTime: toHrTime(start) }), start, work);
}

/** Runs `work` with the span active and ends the span when the work has settled. */
export function runInSpan<T>(span: Span, start: Moment, work: Work<T>): T {
  let result: T;
  try {
    result = context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    fail(span, start, error);
    throw error;
  }
  if (!isThenable(result)) {
    succeed(span, start);
    return result;
  }
  return result.then(
    (value: unknown) => {
      succeed(span, start);
      return value;
    },
    (error: unknown) => {
      fail(span, start, error);
      throw error;
    },
  ) as T;
}

const succeed = guarded('ending a span', (span: Span, start: Moment) => span.end(hrTimeSince(start)));

const fail = guarded('ending a span', (span: Span, start: Moment, error: unknown) => {
  const endTime = hrTimeSince(start);
  recordException(span, error, endTime);
  span.setAttribute(ATTR_ERROR_TYPE, exceptionType(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  span.end(endTime);
});

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof (value as PromiseLike<unknown>).then === 'function'
  );
}
