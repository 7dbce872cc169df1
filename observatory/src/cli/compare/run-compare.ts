// Runs `longpole compare`: reads two sets of traces, compares their routes, and judges them by limits.
import { compareRoutes } from '../../analysis/compare/index.ts';
import { checkLimits, parseLimit } from '../../analysis/limits/index.ts';
import { createRouteStats, type RouteStats } from '../../analysis/many/index.ts';
import { reportLimits } from '../output/report-limits.ts';
import { checkFormat, type OutputFlags, writeResult } from '../output/write-result.ts';
import { type Reading, readMany } from '../reading/read-many.ts';
import { parseSetFlags } from '../reading/set-flags.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { checkSides, chooseSide, type Side } from './choose-side.ts';
import { comparisonResult, type SideRead } from './comparison-report.ts';

/** Options of `longpole compare` as the command line gives them. */
export interface CompareFlags extends OutputFlags {
  readonly before: string;
  readonly after: string;
  readonly source?: string;
  readonly route?: string;
  readonly last?: string;
  readonly failIf?: readonly string[];
}

async function readSide(
  side: Side,
  flags: CompareFlags,
  terminal: Terminal,
): Promise<[RouteStats[], Reading]> {
  const { route, last } = flags;
  const { chosen, window } = side;
  const isAll = !chosen.isBackend || window.sinceMs !== undefined;
  const set = { ...(route !== undefined && { route }), ...(last !== undefined && { last }) };
  const stats = createRouteStats();
  const wanted = { ...parseSetFlags(set, !isAll, terminal), ...window };
  const reading = await readMany(chosen, wanted, terminal, (analysis) => stats.add(analysis));
  return [stats.finish(), reading];
}

function checkSource(source: string | undefined, sides: readonly Side[]): void {
  if (
    source === undefined ||
    sides.some(({ window }) => window.sinceMs !== undefined || window.untilMs !== undefined)
  )
    return;
  throw new UsageError(
    '--source is for windows of time: --before 2h..1h --after 1h. Leave it out with files and URLs.',
  );
}

function toSideRead({ name }: Side, { source, traces }: Reading): SideRead {
  return { name, source, traces };
}

/**
 * Resolves with the exit code: 1 when a limit is broken or cannot be judged.
 * @throws UsageError, LimitError, SourceError, for the command line to report.
 */
export async function runCompare(flags: CompareFlags, terminal: Terminal): Promise<number> {
  checkFormat(flags);
  const limits = (flags.failIf ?? []).map(parseLimit);
  const before = chooseSide(flags.before, '--before', flags.source, terminal);
  const after = chooseSide(flags.after, '--after', flags.source, terminal);
  checkSides(before, after);
  checkSource(flags.source, [before, after]);
  const [routesBefore, readBefore] = await readSide(before, flags, terminal);
  const [routes, readAfter] = await readSide(after, flags, terminal);
  const comparisons = compareRoutes(routesBefore, routes);
  const broken = checkLimits(limits, { routes, comparisons });
  const report = {
    before: toSideRead(before, readBefore),
    after: toSideRead(after, readAfter),
    comparisons,
    broken,
    warnings: [...readBefore.warnings, ...readAfter.warnings],
  };
  writeResult(comparisonResult(report), flags, terminal);
  return reportLimits(broken, terminal);
}
