// Runs `longpole bottleneck` over many traces: statistics by route, limits, flame graphs.
import { createFlame, flameSvg, foldedStacks } from '../../analysis/flame/index.ts';
import { checkLimits, type Limit, parseLimit } from '../../analysis/limits/index.ts';
import { createRouteStats, type RouteStats } from '../../analysis/many/index.ts';
import type { Chosen } from '../choose-source.ts';
import { reportLimits } from '../output/report-limits.ts';
import { writeFileAt } from '../output/write-file.ts';
import { writeResult } from '../output/write-result.ts';
import { type Reading, readMany } from '../reading/read-many.ts';
import { readOne } from '../reading/read-one.ts';
import { parseSetFlags } from '../reading/set-flags.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { routesResult } from './route-report.ts';
import type { BottleneckFlags } from './run-bottleneck.ts';

/** A limit is about one route: with several, somebody has to say which. */
function checkOneRoute(
  limits: readonly Limit[],
  routes: readonly RouteStats[],
  flags: BottleneckFlags,
): void {
  if (limits.length === 0 || routes.length <= 1 || flags.route !== undefined) return;
  const names = routes.map(({ service, operation }) => `${service} · ${operation}`);
  throw new UsageError(`--fail-if is about one route: name it with --route. There are: ${names.join(', ')}.`);
}

/** Reads the traces that are wanted, or the one that has the id, and gives each to `visit`. */
async function readWanted(
  chosen: Chosen,
  flags: BottleneckFlags,
  terminal: Terminal,
  visit: Parameters<typeof readMany>[3],
): Promise<Reading> {
  const wanted = parseSetFlags(flags, chosen.isBackend, terminal);
  if (chosen.traceId === undefined) return readMany(chosen, wanted, terminal, visit);
  visit(await readOne(chosen, { wait: flags.wait }, terminal));
  return { source: chosen.source.name, traces: 1, warnings: [] };
}

/**
 * Resolves with the exit code: 1 when a limit is broken or cannot be judged.
 * @throws UsageError, LimitError, SourceError, for the command line to report.
 */
export async function runRoutes(chosen: Chosen, flags: BottleneckFlags, terminal: Terminal): Promise<number> {
  const limits = (flags.failIf ?? []).map(parseLimit);
  const stats = createRouteStats();
  const flame = createFlame();
  const { source, traces, warnings } = await readWanted(chosen, flags, terminal, (analysis) => {
    stats.add(analysis);
    if (flags.flame !== undefined || flags.folded) flame.add(analysis);
  });
  const routes = stats.finish();
  checkOneRoute(limits, routes, flags);
  const broken = checkLimits(limits, { routes });
  if (flags.flame !== undefined)
    await writeFileAt(flags.flame, '--flame', flameSvg(flame.finish()), terminal);
  if (flags.folded) terminal.stdout.write(foldedStacks(flame.finish()));
  else writeResult(routesResult({ source, traces, routes, broken, warnings }), flags, terminal);
  return reportLimits(broken, terminal);
}
