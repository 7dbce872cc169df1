// Which traces of a source a command is about: `--route`, `--last`, `--since`.
import { parseCount } from '../parse-size.ts';
import type { Terminal } from '../terminal.ts';
import { parseRoute, type RouteFilter } from './route-filter.ts';
import { parseMoment, type TimeWindow } from './time-window.ts';

/** The options as the command line gives them. */
export interface SetFlags {
  readonly route?: string;
  readonly last?: string;
  readonly since?: string;
}

/** Which traces are wanted. */
export interface WantedSet extends TimeWindow {
  readonly route?: RouteFilter;
  readonly last?: number;
}

/** Traces that are taken of a backend when nothing is said; of a file all are taken. */
export const DEFAULT_LAST = 200;
const MOST = 1_000_000;

/**
 * Parses the options; of a backend the newest {@link DEFAULT_LAST} traces are wanted when nothing is said.
 * @throws UsageError
 */
export function parseSetFlags(flags: SetFlags, isBackend: boolean, { now }: Terminal): WantedSet {
  const { route, last, since } = flags;
  const most = last === undefined ? undefined : parseCount(last, '--last', 1, MOST);
  const fallback = isBackend && since === undefined ? DEFAULT_LAST : undefined;
  return {
    ...(route !== undefined && { route: parseRoute(route) }),
    ...((most ?? fallback) !== undefined && { last: (most ?? fallback) as number }),
    ...(since !== undefined && { sinceMs: parseMoment(since, '--since', now()) }),
  };
}
