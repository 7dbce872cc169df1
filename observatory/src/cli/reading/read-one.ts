// Reads and analyses the one trace that a command is about.
import { analyzeTrace, type TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { type ReadEvents, waitForTrace } from '../../sources/index.ts';
import type { Trace } from '../../trace/span.ts';
import type { Chosen } from '../choose-source.ts';
import { progressLine } from '../output/progress-line.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { readMany } from './read-many.ts';
import { parseRoute } from './route-filter.ts';

const LONGEST_WAIT_S = 3_600;

function parseWait(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= LONGEST_WAIT_S) return seconds * 1000;
  throw new UsageError(`--wait ${text}: give a number of seconds from 0 to ${LONGEST_WAIT_S}.`);
}

/** The newest trace of a route. @throws UsageError when there is none, or when an id or `--wait` names another. */
async function readNewestOf(
  route: string,
  chosen: Chosen,
  wait: string | undefined,
  terminal: Terminal,
): Promise<TraceAnalysis> {
  const wanted = { route: parseRoute(route), last: 1 };
  if (chosen.traceId !== undefined)
    throw new UsageError('Name one trace by its id, or the newest of a route by --route, not both.');
  if (wait !== undefined) throw new UsageError('--wait waits for the trace of an id: leave out --route.');
  const found: TraceAnalysis[] = [];
  await readMany(chosen, wanted, terminal, (analysis) => found.push(analysis));
  return found[0] as TraceAnalysis;
}

async function readTrace(
  { source, traceId, isBackend }: Chosen,
  wait: string | undefined,
  terminal: Terminal,
  events: ReadEvents,
): Promise<Trace> {
  const waitMs = wait === undefined ? 0 : parseWait(wait);
  if (!isBackend || wait === undefined) return source.read(traceId, events);
  return waitForTrace(source, traceId, { waitMs, clock: terminal.clock, sleep: terminal.sleep });
}

/** Which one is wanted, as the command line gives it. */
export interface OneFlags {
  /** The newest trace of this route; without it, and without an id, the newest request. */
  readonly route?: string;
  /** Seconds to wait for it. */
  readonly wait?: string | undefined;
}

/**
 * The trace that was chosen, analysed; without an id the newest request. What the source warns of goes to standard error.
 * @throws UsageError, SourceError
 */
export async function readOne(
  chosen: Chosen,
  { route, wait }: OneFlags,
  terminal: Terminal,
): Promise<TraceAnalysis> {
  if (route !== undefined) return readNewestOf(route, chosen, wait, terminal);
  const line = progressLine(chosen.source.name, terminal);
  const onWarning = (text: string): void => {
    line.clear();
    terminal.stderr.write(`warning: ${printable(text)}\n`);
  };
  try {
    return analyzeTrace(await readTrace(chosen, wait, terminal, { onProgress: line.show, onWarning }));
  } finally {
    line.clear();
  }
}
