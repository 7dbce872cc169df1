// The error of a command line that cannot be meant.

/** Arguments or options of a command are wrong; the message says which and what to do. */
export class UsageError extends Error {
  readonly code = 'ERR_LONGPOLE_USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
