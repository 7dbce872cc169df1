// The error of a store that cannot be opened, written or read.

/** Stable codes of store errors; each has a paragraph in `docs/error-codes.md`. */
export type StoreErrorCode =
  | 'ERR_LONGPOLE_STORE_OPTION'
  | 'ERR_LONGPOLE_STORE_OPEN'
  | 'ERR_LONGPOLE_STORE_FOREIGN'
  | 'ERR_LONGPOLE_STORE_VERSION'
  | 'ERR_LONGPOLE_STORE_LOCKED'
  | 'ERR_LONGPOLE_STORE_WRITE'
  | 'ERR_LONGPOLE_STORE_CLOSED';

/** Something is wrong with the store; the message names the value, the cause and the cure. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
