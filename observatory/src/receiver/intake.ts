// Takes requests in one after the other, and lets queries be answered in between.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Turns } from '../store/index.ts';

/** Milliseconds of work after which others get a turn: a query never waits behind more than this, or one request. */
const TURN_MS = 2;

type Work = (turns: Turns) => Promise<void>;

export class Intake {
  readonly #waiting: Work[] = [];
  #isWorking = false;

  /** Resolves when `work` is done, after everything that came before it. */
  run(work: Work): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((turns) => work(turns).then(resolve, reject));
      if (!this.#isWorking) this.#workOff();
    });
  }

  async #workOff(): Promise<void> {
    this.#isWorking = true;
    // Everything that is complete by now waits in line before the first begins.
    await nextTurn();
    const turns = new Turns(TURN_MS);
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) {
      await work(turns);
      await turns.breathe();
    }
    this.#isWorking = false;
  }
}
