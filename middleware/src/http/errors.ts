// Names and records errors on spans without ever throwing, whatever the application threw.

import type { HrTime, Span } from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly constructor?: { readonly name?: unknown };
}

/** `error.type` of something that was thrown: the class name of an error, the type of anything else. */
export function exceptionType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { name, constructor: madeBy } = error as ErrorLike;
  const className = madeBy?.name;
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  return typeof className === 'string' && className !== '' && className !== 'Object' ? className : 'Error';
}

/** `error.type` of a failed outgoing call: the system's or library's code when there is one, else the class name. */
export function connectionErrorType(error: unknown): string {
  if (isTimeout(error)) return 'timeout';
  const code = typeof error === 'object' && error !== null ? (error as ErrorLike).code : undefined;
  return typeof code === 'string' && code !== '' ? code : exceptionType(error);
}

/** The caller gave up (`AbortController`), which is no failure of the callee. */
export function isCancelled(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as ErrorLike).name === 'AbortError' &&
    !isTimeout(error)
  );
}

/** Records the exception event; a value that is no error is shown as text. */
export function recordException(span: Span, error: unknown, time: HrTime): void {
  try {
    span.recordException(error instanceof Error || typeof error === 'string' ? error : describe(error), time);
  } catch (fault) {
    reportFault('recording an exception', fault);
  }
}

/** The message of an error for a span's status. */
export function errorMessage(error: unknown): string {
  try {
    const { message } = (typeof error === 'object' && error !== null ? error : {}) as ErrorLike;
    return typeof message === 'string' ? message : String(error);
  } catch {
    return exceptionType(error);
  }
}

function describe(error: unknown): { name: string; message: string } {
  return { name: exceptionType(error), message: errorMessage(error) };
}

function isTimeout(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, cause } = error as ErrorLike;
  return name === 'TimeoutError' || (name === 'AbortError' && cause !== error && isTimeout(cause));
}
