// Gives what is measured a processor of its own, and all that is around it another, where the system can.

import { execFileSync } from 'node:child_process';

/** For what is measured, and for the load, the questions and whatever else there is. */
export const PROCESSORS = { measured: '1', others: '0' } as const;

function canKeep(): boolean {
  try {
    // Both processors must be there, and allowed.
    execFileSync('taskset', ['-c', PROCESSORS.measured, 'taskset', '-c', PROCESSORS.others, 'true'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** Whether there is `taskset`, and two processors for it. */
export const canPin: boolean = canKeep();

/** Has all threads of a process, and those that it starts from now on, run on one processor only, where that can be. */
export function keepOn(processor: string, pid: number): void {
  if (canPin) execFileSync('taskset', ['-a', '-cp', processor, String(pid)], { stdio: 'ignore' });
}
