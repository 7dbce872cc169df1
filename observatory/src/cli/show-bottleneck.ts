// Reads a trace, analyses it and writes the verdict.
import { analyzeTrace } from '../analysis/analyze-trace.ts';
import { waitForTrace } from '../sources/index.ts';
import type { Trace } from '../trace/span.ts';
import { toBottleneckJson, toBottleneckText } from './bottleneck-report.ts';
import { type Chosen, chooseSource } from './choose-source.ts';
import { EXIT } from './exit-codes.ts';
import { createPaint } from './paint.ts';
import { printableJson } from './printable.ts';
import { columnsFor, type Terminal, wantsColor } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** Options of `longpole bottleneck` as the command line gives them. */
export interface BottleneckFlags {
  readonly source?: string;
  readonly json?: true;
  readonly color: boolean;
  /** Seconds. */
  readonly wait?: string;
}

const LONGEST_WAIT_S = 3_600;

function parseWait(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= LONGEST_WAIT_S) return seconds * 1000;
  throw new UsageError(`--wait ${text}: give a number of seconds from 0 to ${LONGEST_WAIT_S}.`);
}

async function readTrace(chosen: Chosen, wait: string | undefined, terminal: Terminal): Promise<Trace> {
  const waitMs = wait === undefined ? 0 : parseWait(wait);
  const { source, traceId, isBackend } = chosen;
  if (!isBackend || wait === undefined) return source.read(traceId);
  return waitForTrace(source, traceId, { waitMs, clock: terminal.clock, sleep: terminal.sleep });
}

/**
 * Runs `longpole bottleneck` and resolves with its exit code.
 * @throws UsageError and SourceError, for the command line to report.
 */
export async function showBottleneck(
  targets: readonly string[],
  flags: BottleneckFlags,
  terminal: Terminal,
): Promise<number> {
  const chosen = chooseSource(targets, flags.source, terminal);
  const analysis = analyzeTrace(await readTrace(chosen, flags.wait, terminal));
  if (flags.json) terminal.stdout.write(`${printableJson(toBottleneckJson(analysis))}\n`);
  else {
    const paint = createPaint(wantsColor(terminal, flags.color));
    terminal.stdout.write(toBottleneckText(analysis, columnsFor(terminal), paint));
  }
  return EXIT.fine;
}
