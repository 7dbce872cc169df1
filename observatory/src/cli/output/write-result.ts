// Writes what a command found, in the format that was asked for.
import { createPaint, type Paint } from '../paint.ts';
import { printableJson } from '../printable.ts';
import { columnsFor, type Terminal, wantsColor } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Options of every command that prints a result. */
export interface OutputFlags {
  readonly json?: true;
  readonly markdown?: true;
  readonly color: boolean;
}

/** What a command found, in each format; none of the texts ends in a line break. */
export interface Result {
  readonly text: (columns: number, paint: Paint) => string;
  readonly json: () => unknown;
  readonly markdown: () => string;
}

/**
 * Checks that one format is asked for at most; call it before anything is read.
 * @throws UsageError
 */
export function checkFormat({ json, markdown }: OutputFlags): void {
  if (json && markdown) throw new UsageError('Ask for --json or --markdown, not both.');
}

function format(result: Result, flags: OutputFlags, terminal: Terminal): string {
  if (flags.json) return printableJson(result.json());
  if (flags.markdown) return result.markdown();
  return result.text(columnsFor(terminal), createPaint(wantsColor(terminal, flags.color)));
}

/** Writes the result to standard output. */
export function writeResult(result: Result, flags: OutputFlags, terminal: Terminal): void {
  terminal.stdout.write(`${format(result, flags, terminal)}\n`);
}
