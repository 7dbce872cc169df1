// The one error class of the middleware: a stable code, what is wrong, and the cure.

/** Codes of `LongpoleError`; each has a paragraph in docs/error-codes.md. */
export type LongpoleErrorCode =
  | 'ERR_LONGPOLE_UNKNOWN_OPTION'
  | 'ERR_LONGPOLE_INVALID_OPTION'
  | 'ERR_LONGPOLE_CONTEXT_FORMAT';

/** Thrown at construction only, never while a request is served. */
export class LongpoleError extends Error {
  readonly code: LongpoleErrorCode;

  constructor(code: LongpoleErrorCode, message: string, options?: ErrorOptions) {
    super(`${message} [${code}]`, options);
    this.name = 'LongpoleError';
    this.code = code;
  }
}
