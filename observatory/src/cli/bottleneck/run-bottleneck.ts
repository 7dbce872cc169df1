// Runs `longpole bottleneck`: of one trace, or of a route over many.
import { chooseSource } from '../choose-source.ts';
import { EXIT } from '../exit-codes.ts';
import { checkFormat, type OutputFlags, writeResult } from '../output/write-result.ts';
import { readOne } from '../reading/read-one.ts';
import type { Terminal } from '../terminal.ts';
import { traceResult } from './trace-report.ts';

/** Options of `longpole bottleneck` as the command line gives them. */
export interface BottleneckFlags extends OutputFlags {
  readonly source?: string;
  /** Seconds. */
  readonly wait?: string;
}

/**
 * Resolves with the exit code.
 * @throws UsageError, SourceError, for the command line to report.
 */
export async function runBottleneck(
  targets: readonly string[],
  flags: BottleneckFlags,
  terminal: Terminal,
): Promise<number> {
  checkFormat(flags);
  const chosen = chooseSource(targets, flags.source, terminal);
  writeResult(traceResult(await readOne(chosen, flags.wait, terminal)), flags, terminal);
  return EXIT.fine;
}
