// Says a line to the person at the console, through the `log` option where tracing was started with one.

import { sharedState } from './state.ts';

/** More different lines than this are not kept apart any more, and not said. */
const MAX_SAID = 1000;

const said = new Set<string>();

/** Says a line once in the life of the process. */
export function sayOnce(line: string): void {
  if (said.has(line) || said.size >= MAX_SAID) return;
  said.add(line);
  const { log } = sharedState();
  if (log === undefined) process.stderr.write(`${line}\n`);
  else log(line);
}
