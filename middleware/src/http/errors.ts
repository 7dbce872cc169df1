// Names and records errors on spans without ever throwing, whatever the application threw.

import type { HrTime, Span } from '@opentelemetry/api';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';
import { reportFault } from '../shared/guard.ts';

/** How far a chain of causes is followed; it may be a circle. */
const MAX_CAUSES = 8;

/** `error.type` of something that was thrown: the class name of an error, the type of anything else. */
export function exceptionType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const name = property(error, 'name');
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  const className = property(property(error, 'constructor'), 'name');
  return typeof className === 'string' && className !== '' && className !== 'Object' ? className : 'Error';
}

/** `error.type` of a failed outgoing call: the system's or library's code when there is one, else the class name. */
export function connectionErrorType(error: unknown): string {
  if (isTimeout(error)) return 'timeout';
  const code = property(error, 'code') ?? property(property(error, 'cause'), 'code');
  return typeof code === 'string' && code !== '' ? code : exceptionType(error);
}

/** The caller gave up (`AbortController`, axios's cancellation), which is no failure of the callee. */
export function isCancelled(error: unknown): boolean {
  const name = property(error, 'name');
  return (name === 'AbortError' || name === 'CanceledError') && !isTimeout(error);
}

/** Adds the exception event (semantic conventions, "Exceptions on spans") with the error's class as its type. */
export function recordException(span: Span, error: unknown, time: HrTime): void {
  try {
    const stack = property(error, 'stack');
    span.addEvent(
      'exception',
      {
        [ATTR_EXCEPTION_TYPE]: exceptionType(error),
        [ATTR_EXCEPTION_MESSAGE]: errorMessage(error),
        ...(typeof stack === 'string' ? { [ATTR_EXCEPTION_STACKTRACE]: stack } : {}),
      },
      time,
    );
  } catch (fault) {
    reportFault('recording an exception', fault);
  }
}

/** The message of an error for a span's status. */
export function errorMessage(error: unknown): string {
  const message = property(error, 'message');
  if (typeof message === 'string') return message;
  try {
    return String(error);
  } catch {
    return exceptionType(error);
  }
}

/** Codes by which Node.js, undici and axios say that nothing came in time. */
const TIMEOUT_CODE = /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;

function isTimeout(error: unknown, depth = 0): boolean {
  const name = property(error, 'name');
  const code = property(error, 'code');
  if (name === 'TimeoutError' || (typeof code === 'string' && TIMEOUT_CODE.test(code))) return true;
  if (code === 'ECONNABORTED') return /timeout/i.test(errorMessage(error));
  return name === 'AbortError' && depth < MAX_CAUSES && isTimeout(property(error, 'cause'), depth + 1);
}

/** A property of whatever was thrown; `undefined` when its getter throws. */
function property(holder: unknown, key: string): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined;
  try {
    return (holder as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
