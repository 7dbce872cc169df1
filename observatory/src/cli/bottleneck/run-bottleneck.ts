// Runs `longpole bottleneck`: of one trace, or of a route over many.
import { type Chosen, chooseSource } from '../choose-source.ts';
import { EXIT } from '../exit-codes.ts';
import { checkFormat, type OutputFlags, writeResult } from '../output/write-result.ts';
import { readOne } from '../reading/read-one.ts';
import type { SetFlags } from '../reading/set-flags.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { traceResult } from './trace-report.ts';

/** Options of `longpole bottleneck` as the command line gives them. */
export interface BottleneckFlags extends OutputFlags, SetFlags {
  readonly source?: string;
  readonly failIf?: readonly string[];
  readonly flame?: string;
  readonly folded?: true;
  /** Seconds. */
  readonly wait?: string;
}

const SET_FLAGS = ['route', 'last', 'since'] as const;
const MANY_FLAGS = [...SET_FLAGS, 'failIf', 'flame', 'folded'] as const;

function checkFlags({ traceId }: Chosen, flags: BottleneckFlags): void {
  checkFormat(flags);
  if (flags.folded && (flags.json || flags.markdown))
    throw new UsageError('--folded is a format of its own: leave out --json and --markdown.');
  const set = SET_FLAGS.find((flag) => flags[flag] !== undefined);
  if (set !== undefined && traceId !== undefined)
    throw new UsageError(`Name one trace by its id, or several by --${set}, not both.`);
  if (set !== undefined && flags.wait !== undefined)
    throw new UsageError(`--wait waits for one trace; leave it out with --${set}.`);
}

/**
 * Resolves with the exit code.
 * @throws UsageError, LimitError, SourceError, for the command line to report.
 */
export async function runBottleneck(
  targets: readonly string[],
  flags: BottleneckFlags,
  terminal: Terminal,
): Promise<number> {
  const chosen = chooseSource(targets, flags.source, terminal);
  checkFlags(chosen, flags);
  if (MANY_FLAGS.some((flag) => flags[flag] !== undefined)) {
    const { runRoutes } = await import('./run-routes.ts');
    return runRoutes(chosen, flags, terminal);
  }
  writeResult(traceResult(await readOne(chosen, { wait: flags.wait }, terminal)), flags, terminal);
  return EXIT.fine;
}
