// What `--before` and `--after` name: a file, a backend, or a window of time in the source.
import { existsSync } from 'node:fs';
import { type Chosen, chooseSource } from '../choose-source.ts';
import { looksLikeWindow, parseWindow, type TimeWindow } from '../reading/time-window.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** One of the two sets: its source, and the part of it that is meant. */
export interface Side {
  /** As it is called in sentences: as it was written. */
  readonly name: string;
  readonly chosen: Chosen;
  readonly window: TimeWindow;
}

/**
 * The set that a text means.
 * @param flag `--before` or `--after`.
 * @throws UsageError, SourceError
 */
export function chooseSide(
  text: string,
  flag: string,
  sourceFlag: string | undefined,
  terminal: Terminal,
): Side {
  if (looksLikeWindow(text) && !existsSync(text)) {
    const window = parseWindow(text, flag, terminal.now());
    return { name: text, chosen: chooseSource([], sourceFlag, terminal), window };
  }
  const chosen = chooseSource([text], undefined, terminal);
  if (chosen.traceId !== undefined)
    throw new UsageError(
      `${flag} ${text}: compare needs many traces; name a file, a backend or a window of time.`,
    );
  return { name: text, chosen, window: {} };
}

/** @throws UsageError when both sides would read the same stream. */
export function checkSides(before: Side, after: Side): void {
  if (before.chosen.isStream && after.chosen.isStream)
    throw new UsageError('Standard input can be one of --before and --after, not both.');
}
