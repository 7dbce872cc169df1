// The error of a command line that cannot be meant.

/** The code of every use that cannot be meant. */
export const USAGE_CODE = 'ERR_LONGPOLE_USAGE';

/** Arguments or options of a command are wrong; the message says which and what to do. */
export class UsageError extends Error {
  readonly code: typeof USAGE_CODE = USAGE_CODE;

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
