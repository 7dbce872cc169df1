// Waits for work, but not longer than a deadline.

import { reportFault } from './guard.ts';

/** Resolves when `work` has settled or the deadline has passed, whichever comes first; never rejects. */
export function within(deadlineMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deadlineMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, (error: unknown) => {
      reportFault('flushing', error);
      done();
    });
  });
}
