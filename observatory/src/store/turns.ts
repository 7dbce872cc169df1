// Long reads in short turns, so that requests for spans and pages are served in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work after which others get a turn. */
const TURN_MS = 8;

/** Counts how long one turn of the event loop has been in use. */
export class Turns {
  #began = performance.now();

  /** Lets others work when this turn has been long. Anything in the store may have changed afterwards. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return;
    await nextTurn();
    this.#began = performance.now();
  }
}
