// Long reads in short turns, so that requests for spans and pages are served in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work after which others get a turn. */
const TURN_MS = 8;

/** Counts how long one turn of the event loop has been in use. */
export class Turns {
  readonly #turnMs: number;
  #began = performance.now();

  constructor(turnMs: number = TURN_MS) {
    this.#turnMs = turnMs;
  }

  /** Whether this turn has been long. */
  get isOver(): boolean {
    return performance.now() - this.#began >= this.#turnMs;
  }

  /** Lets others work when this turn has been long. Anything in the store may have changed afterwards. */
  async breathe(): Promise<void> {
    if (!this.isOver) return;
    await nextTurn();
    this.#began = performance.now();
  }
}
