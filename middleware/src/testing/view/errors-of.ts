// The errors of a span: what failed it, and the exceptions that were recorded on it.

import type { CapturedAttributeValue, CapturedSpan } from '../captured.ts';

export interface SpanError {
  /** `error.type`, or the class of the exception; the empty string when neither is known. */
  readonly type: string;
  /** The empty string without one. */
  readonly message: string;
}

/** Whether the span's status is ERROR. */
export function isFailed({ status }: CapturedSpan): boolean {
  return status.code === 'ERROR';
}

/** Each error once; empty when the span did not fail and no exception was recorded on it. */
export function errorsOf(span: CapturedSpan): SpanError[] {
  const thrown = span.events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes }) => ({
      type: textOf(attributes['exception.type']),
      message: textOf(attributes['exception.message']),
    }));
  if (!isFailed(span)) return thrown;
  const type = textOf(span.attributes['error.type']);
  const isKnown = thrown.some((one) => one.type === type || one.message === span.status.message);
  return isKnown ? thrown : [{ type, message: span.status.message }, ...thrown];
}

/** `CardDeclined: the card was declined`, as far as it is known. */
export function errorText({ type, message }: SpanError): string {
  return (
    [type, message.split('\n')[0] ?? ''].filter((part) => part !== '').join(': ') || 'an error without words'
  );
}

function textOf(value: CapturedAttributeValue | undefined): string {
  return value === undefined ? '' : String(value);
}
