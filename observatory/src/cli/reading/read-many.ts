// Reads many traces of a source and hands each, analysed, to who wants it; nothing is held longer than needed.
import { analyzeTrace, type TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { SourceError, type TraceQuery } from '../../sources/index.ts';
import type { Chosen } from '../choose-source.ts';
import { progressLine } from '../output/progress-line.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { keepNewest } from './keep-newest.ts';
import { isOnRoute, RouteCounts, type RouteFilter, unknownRoute } from './route-filter.ts';
import { DEFAULT_LAST } from './set-flags.ts';

/** Which traces are wanted: what a source can find, and conditions of the command line's own. */
export interface Wanted extends Omit<TraceQuery, 'operation'> {
  readonly route?: RouteFilter;
  readonly where?: (analysis: TraceAnalysis) => boolean;
}

/** What was read. */
export interface Reading {
  readonly source: string;
  /** Traces that were handed on. */
  readonly traces: number;
  /** What the result lacks, one sentence each. */
  readonly warnings: readonly string[];
}

type Visit = (analysis: TraceAnalysis) => void;

/** What the source is asked for. A stream can be read once only, so its routes are told apart here. */
function toQuery({ where, route, last, ...rest }: Wanted, isStream: boolean): TraceQuery {
  const isChosenHere = where !== undefined || (isStream && route !== undefined);
  return {
    ...rest,
    ...(last !== undefined && !isChosenHere && { last }),
    ...(route !== undefined && !isStream && { operation: route.operation }),
    ...(route?.service !== undefined && !isStream && { service: route.service }),
  };
}

/** Lists the traces of a query with a progress line; warnings are written to standard error and kept. */
async function listAll(
  { source }: Chosen,
  query: TraceQuery,
  terminal: Terminal,
  warnings: string[],
  visit: Visit,
): Promise<void> {
  const line = progressLine(source.name, terminal);
  const onWarning = (text: string): void => {
    warnings.push(text);
    line.clear();
    terminal.stderr.write(`warning: ${printable(text)}\n`);
  };
  try {
    const traces = source.list(query, { onProgress: line.show, onWarning });
    for await (const trace of traces) visit(analyzeTrace(trace));
  } finally {
    line.clear();
  }
}

function momentText(ms: number): string {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? `${ms} ms` : time.toISOString();
}

/** The conditions of a query in words: what to look at when nothing meets them. */
function conditionsOf({
  route,
  service,
  sinceMs,
  untilMs,
  minDurationMs,
  errorsOnly,
  where,
}: Wanted): string {
  const conditions = [
    ...(route === undefined ? [] : [`on the route ${JSON.stringify(route.text)}`]),
    ...(service === undefined ? [] : [`with a span of ${JSON.stringify(service)}`]),
    ...(sinceMs === undefined ? [] : [`begun since ${momentText(sinceMs)}`]),
    ...(untilMs === undefined ? [] : [`begun before ${momentText(untilMs)}`]),
    ...(minDurationMs === undefined ? [] : [`of at least ${minDurationMs} ms`]),
    ...(errorsOnly ? ['with an error'] : []),
    ...(where === undefined ? [] : ['that match --operation, --max or --attribute']),
  ];
  return conditions.join(', ');
}

function nothingFound(name: string, wanted: Wanted): SourceError {
  const isAny = Object.keys(wanted).every((key) => key === 'last');
  const text = isAny
    ? `${name} has no traces; send a request to a traced service first.`
    : `${name} has no traces ${conditionsOf(wanted)}.`;
  return new SourceError('ERR_LONGPOLE_NO_TRACES', text);
}

/** The routes of a source in the time that is wanted. */
async function countRoutes(chosen: Chosen, wanted: Wanted, terminal: Terminal): Promise<RouteCounts> {
  const counts = new RouteCounts();
  const { sinceMs, untilMs } = wanted;
  const query: TraceQuery = {
    ...(chosen.isBackend && { last: DEFAULT_LAST }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  };
  await listAll(chosen, query, terminal, [], (analysis) => counts.add(analysis));
  return counts;
}

/**
 * Reads the traces that are wanted and calls `visit` for each.
 * @throws SourceError, also when there is none; UsageError when there is none on the wanted route.
 */
export async function readMany(
  chosen: Chosen,
  wanted: Wanted,
  terminal: Terminal,
  visit: Visit,
): Promise<Reading> {
  const { source, isStream } = chosen;
  const { route, where, last } = wanted;
  const query = toQuery(wanted, isStream);
  const newest = keepNewest(query.last === undefined ? last : undefined, visit);
  const seen = new RouteCounts();
  const warnings: string[] = [];
  await listAll(chosen, query, terminal, warnings, (analysis) => {
    seen.add(analysis);
    if (route !== undefined && !isOnRoute(analysis, route)) return;
    if (where === undefined || where(analysis)) newest.add(analysis);
  });
  const traces = newest.finish();
  if (traces === 0 && route !== undefined) {
    const counts = isStream ? seen : await countRoutes(chosen, wanted, terminal);
    if (counts.list().length > 0) throw unknownRoute(route, source.name, counts);
  }
  if (traces === 0) throw nothingFound(source.name, wanted);
  return { source: source.name, traces, warnings };
}
