// The error of a limit that cannot be understood.

/** A limit is no limit; the message names the text, the place and the cure. */
export class LimitError extends Error {
  readonly code = 'ERR_LONGPOLE_LIMIT' as const;
  /** The limit as it was written. */
  readonly text: string;
  /** Where in the text it went wrong, counted from 0. */
  readonly position: number;

  constructor(text: string, position: number, message: string) {
    super(message);
    this.name = 'LimitError';
    this.text = text;
    this.position = position;
  }
}
