// Takes away the progress line of a read that was interrupted.
import type { Terminal } from '../terminal.ts';

/** Goes to the start of the line and empties it (ECMA-48: CR, EL). */
export const CLEAR_LINE = '\r\x1b[2K';

/** Clears the line of a terminal on which a progress line may stand. */
export function clearProgress({ stderr }: Pick<Terminal, 'stderr'>): void {
  if (stderr.isTTY === true) stderr.write(CLEAR_LINE);
}
