// Runs `longpole what-if`: reads a trace and replays it with changes.
import { chooseSource } from '../choose-source.ts';
import { EXIT } from '../exit-codes.ts';
import { checkFormat, type OutputFlags, writeResult } from '../output/write-result.ts';
import { type OneFlags, readOne } from '../reading/read-one.ts';
import type { Terminal } from '../terminal.ts';
import { type ChangeText, checkChanges, toChange } from './changes.ts';
import { halveEach, replayChanges } from './replay-changes.ts';
import { whatIfResult } from './what-if-report.ts';

/** Options of `longpole what-if` as the command line gives them. */
export interface WhatIfFlags extends OutputFlags, OneFlags {
  readonly source?: string;
}

/**
 * Resolves with the exit code.
 * @param changes In the order in which they were given.
 * @throws UsageError, SourceError, for the command line to report.
 */
export async function runWhatIf(
  targets: readonly string[],
  changes: readonly ChangeText[],
  flags: WhatIfFlags,
  terminal: Terminal,
): Promise<number> {
  checkFormat(flags);
  checkChanges(changes);
  const analysis = await readOne(chooseSource(targets, flags.source, terminal), flags, terminal);
  const isSuggestion = changes.length === 0;
  const steps = isSuggestion
    ? halveEach(analysis)
    : replayChanges(
        analysis,
        changes.map((change) => toChange(change, analysis)),
      );
  writeResult(whatIfResult({ analysis, steps, isSuggestion }), flags, terminal);
  return EXIT.fine;
}
