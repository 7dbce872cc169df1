// The one error class of the middleware: a stable code, what is wrong, and the cure.

/** Codes of `LongpoleError`; each has a paragraph in docs/error-codes.md. */
export type LongpoleErrorCode =
  | 'ERR_LONGPOLE_UNKNOWN_OPTION'
  | 'ERR_LONGPOLE_INVALID_OPTION'
  | 'ERR_LONGPOLE_CONTEXT_FORMAT'
  | 'ERR_LONGPOLE_CAPTURE_CONFLICT'
  | 'ERR_LONGPOLE_CAPTURE_STOPPED'
  | 'ERR_LONGPOLE_NO_TRACE'
  | 'ERR_LONGPOLE_TRACE_INCOMPLETE'
  | 'ERR_LONGPOLE_MISSING_ATTRIBUTES'
  | 'ERR_LONGPOLE_NOT_A_TRACE'
  | 'ERR_LONGPOLE_MATCHER_ARGUMENT'
  | 'ERR_LONGPOLE_ANALYSIS_MISSING'
  | 'ERR_LONGPOLE_NO_SNAPSHOT';

/** Thrown at construction and by the testing kit, never while a request is served. */
export class LongpoleError extends Error {
  readonly code: LongpoleErrorCode;

  constructor(code: LongpoleErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} [${code}]`, options);
    this.name = 'LongpoleError';
    this.code = code;
  }
}
