// Runs `longpole traces`: reads, filters, sorts and lists traces.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { chooseSource } from '../choose-source.ts';
import { EXIT } from '../exit-codes.ts';
import { didYouMean } from '../nearest-name.ts';
import { checkFormat, type OutputFlags, writeResult } from '../output/write-result.ts';
import { parseCount } from '../parse-size.ts';
import { readMany, type Wanted } from '../reading/read-many.ts';
import { parseSetFlags, type SetFlags } from '../reading/set-flags.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type SortKey, topRows } from './top-rows.ts';
import {
  isFiltering,
  meetsFilter,
  parseAttribute,
  parseDurationMs,
  type TraceFilter,
} from './trace-filter.ts';
import { tracesResult } from './trace-list.ts';

/** Options of `longpole traces` as the command line gives them. */
export interface TracesFlags extends OutputFlags, SetFlags {
  readonly source?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly min?: string;
  readonly max?: string;
  readonly errors?: true;
  readonly attribute?: readonly string[];
  readonly sort?: string;
  readonly limit?: string;
}

const SORT_KEYS: readonly SortKey[] = ['start', 'duration', 'spans', 'errors'];
const DEFAULT_ROWS = 20;
const MOST_ROWS = 100_000;

function parseSort(text: string): SortKey {
  const key = SORT_KEYS.find((one) => one === text.toLowerCase());
  if (key !== undefined) return key;
  throw new UsageError(`--sort ${text}: give ${SORT_KEYS.join(', ')}.${didYouMean(text, SORT_KEYS)}`);
}

function parseFilter({ operation, max, attribute = [] }: TracesFlags): TraceFilter {
  return {
    ...(operation !== undefined && { operation }),
    ...(max !== undefined && { maxMs: parseDurationMs(max, '--max') }),
    attributes: attribute.map(parseAttribute),
  };
}

function parseWanted(flags: TracesFlags, isBackend: boolean, terminal: Terminal): Wanted {
  const { service, min, errors } = flags;
  const filter = parseFilter(flags);
  return {
    ...parseSetFlags(flags, isBackend, terminal),
    ...(service !== undefined && { service }),
    ...(min !== undefined && { minDurationMs: parseDurationMs(min, '--min') }),
    ...(errors && { errorsOnly: true }),
    ...(isFiltering(filter) && { where: (analysis: TraceAnalysis) => meetsFilter(analysis, filter) }),
  };
}

/**
 * Resolves with the exit code.
 * @throws UsageError, SourceError, for the command line to report.
 */
export async function runTraces(
  targets: readonly string[],
  flags: TracesFlags,
  terminal: Terminal,
): Promise<number> {
  checkFormat(flags);
  const sort = parseSort(flags.sort ?? 'start');
  const limit = flags.limit === undefined ? DEFAULT_ROWS : parseCount(flags.limit, '--limit', 1, MOST_ROWS);
  const chosen = chooseSource(targets, flags.source, terminal);
  if (chosen.traceId !== undefined)
    throw new UsageError('traces lists many; longpole show draws the one that has an id.');
  const rows = topRows(sort, limit);
  const wanted = parseWanted(flags, chosen.isBackend, terminal);
  const { source, traces, warnings } = await readMany(chosen, wanted, terminal, rows.add);
  writeResult(tracesResult({ source, found: traces, rows: rows.finish(), sort, warnings }), flags, terminal);
  return EXIT.fine;
}
