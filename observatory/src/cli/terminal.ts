// What the command line needs of the world: where it writes and reads, its variables and clocks. Tests bring their own.
import type { StopSignal } from './exit-codes.ts';

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Milliseconds on a clock that only goes forward. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Calls `stop` once when the process is asked to end (SIGINT, SIGTERM); returns how to take that back. */
  readonly onStop: (stop: (signal: StopSignal) => void) => () => void;
  /** Writes a file in place of what was there. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** The version of the package. */
  readonly version: string;
  /** Folder of the built page, where it is built. */
  readonly pageFolder?: string;
}

const PIPED_COLUMNS = 80;
const FEWEST_COLUMNS = 40;
const MOST_COLUMNS = 200;

/** Columns to write to: the terminal's (40 to 200), 80 when standard output is no terminal. */
export function columnsFor({ stdout }: Terminal): number {
  const columns = stdout.isTTY === true ? (stdout.columns ?? PIPED_COLUMNS) : PIPED_COLUMNS;
  return Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, columns || PIPED_COLUMNS));
}

/** Whether to write colours: `--no-color` and `NO_COLOR` forbid them, `FORCE_COLOR` wants them, else a terminal has them. */
export function wantsColor({ stdout, env }: Terminal, isAllowed: boolean): boolean {
  if (!isAllowed || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0';
  return stdout.isTTY === true && env['TERM'] !== 'dumb';
}
