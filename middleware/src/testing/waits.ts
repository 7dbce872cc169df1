// Waits for something to become true of the traces, until a deadline or until capturing stops.

import { LongpoleError } from '../shared/errors.ts';
import { clearRealTimeout, setRealTimeout } from './real-timers.ts';

export interface Wait<T> {
  /** Returns what is waited for, `undefined` until it is there; what it throws ends the wait. */
  readonly look: () => T | undefined;
  readonly deadlineMs: number;
  /** What to say when the deadline has passed. */
  readonly explain: () => string;
}

interface Waiting {
  look(): void;
  fail(error: Error): void;
}

export class Waits {
  readonly #waiting = new Set<Waiting>();
  readonly #promised = new Set<Promise<unknown>>();
  #isStopped = false;

  /** Something has changed. */
  lookAgain(): void {
    for (const wait of this.#waiting) wait.look();
  }

  /** Lets the test have the promise, and knows it while it is open. */
  promise<T>(work: () => Promise<T>): Promise<T> {
    const promised: Promise<T> = finished(work, () => this.#promised.delete(promised));
    this.#promised.add(promised);
    return promised;
  }

  /**
   * Rejects what is waited for still, and returns the first error: a promise that was not awaited has nobody else to tell, and
   * must not end the process of the test runner.
   */
  stop(): LongpoleError | undefined {
    this.#isStopped = true;
    for (const promised of this.#promised) promised.catch(() => undefined);
    const reason = 'captureTraces() was stopped while a test still waited for a trace';
    const errors = [...this.#waiting].map((wait) => {
      const error = new LongpoleError('ERR_LONGPOLE_CAPTURE_STOPPED', `${reason}: await it, or stop later.`);
      wait.fail(error);
      return error;
    });
    return errors[0];
  }

  /** `caller` is left out of the stacks of errors, which begin where the test has called it. */
  async until<T>({ look, deadlineMs, explain }: Wait<T>, caller: (...args: never[]) => unknown): Promise<T> {
    const place: { stack?: string } = {};
    Error.captureStackTrace(place, caller);
    const seen = look();
    if (seen !== undefined) return seen;
    if (this.#isStopped) throw atPlace(this.#stoppedError(explain()), place);
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearRealTimeout(timer);
        this.#waiting.delete(waiting);
      };
      const fail = (error: unknown): void => {
        finish();
        reject(error instanceof LongpoleError ? atPlace(error, place) : error);
      };
      const waiting: Waiting = {
        look: () => {
          try {
            const found = look();
            if (found === undefined) return;
            finish();
            resolve(found);
          } catch (error) {
            fail(error);
          }
        },
        fail,
      };
      const onDeadline = (): void => fail(new LongpoleError('ERR_LONGPOLE_TRACE_INCOMPLETE', explain()));
      const timer = setRealTimeout(onDeadline, deadlineMs);
      this.#waiting.add(waiting);
    });
  }

  #stoppedError(text: string): LongpoleError {
    return new LongpoleError(
      'ERR_LONGPOLE_CAPTURE_STOPPED',
      `captureTraces() was stopped before; nothing more comes. ${text}`,
    );
  }
}

async function finished<T>(work: () => Promise<T>, then: () => void): Promise<T> {
  try {
    return await work();
  } finally {
    then();
  }
}

/** The error with the stack of the test's own line, which a timer does not have. */
function atPlace(error: LongpoleError, { stack = '' }: { stack?: string }): LongpoleError {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  return error;
}
