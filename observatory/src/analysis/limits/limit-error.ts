// The error of a limit that cannot be understood.

const EXAMPLES = "Write limits as 'p95 > 800ms', 'payment > 60%' or 'errors > 1%'.";

/** A limit is no limit; the message names the text, the place and the cure. */
export class LimitError extends Error {
  readonly code = 'ERR_LONGPOLE_LIMIT' as const;
  /** The limit as it was written. */
  readonly text: string;
  /** Where in the text it went wrong, counted from 0. */
  readonly position: number;

  /** `problem` is a sentence with the cure; without a cure of its own it gets examples. */
  constructor(text: string, position: number, problem: string, cure: string = EXAMPLES) {
    super(`Limit '${text}', character ${position + 1}: ${problem} ${cure}`);
    this.name = 'LimitError';
    this.text = text;
    this.position = position;
  }
}
