// Takes analyses one after the other and says of each route what its traces have in common.

import { parseCounts } from '../analysis-options.ts';
import type { TraceAnalysis } from '../analyze-trace.ts';
import { RouteAccumulator } from './route-accumulator.ts';
import type { RouteStats } from './route-stats.ts';
import { summarizeRoute } from './summarize-route.ts';
import { Digester } from './trace-digest.ts';

export interface RouteStatsOptions {
  /**
   * Traces of a route whose numbers are kept, about 3 kB each; of more, a uniform random sample of this size, the same in every
   * run. Counts, errors, the mean, the maximum and the slowest trace are always those of all. Default: 10 000.
   */
  readonly tracesPerRoute?: number;
}

/** Statistics in the making. */
export interface RouteStatsBuilder {
  /** Takes in one trace; one without spans counts nowhere. */
  add(analysis: TraceAnalysis): void;
  /** What is known so far of each route, the one with the most traces first. More can be added afterwards. */
  finish(): RouteStats[];
}

const OPTIONS = { tracesPerRoute: { fallback: 10_000, min: 1, max: 10_000_000 } };

function byCount(a: RouteAccumulator, b: RouteAccumulator): number {
  const names = [a, b].map(({ route }) => JSON.stringify([route.service, route.operation]));
  return b.count - a.count || ((names[0] as string) < (names[1] as string) ? -1 : 1);
}

/**
 * Statistics over any number of traces, by route (service and operation of the root). Of each trace only numbers are
 * kept, so that 10 000 traces fit in a few tens of megabytes. Pure: the same analyses in the same order give the same result.
 * @throws AnalysisOptionError `ERR_LONGPOLE_ANALYSIS_OPTION`
 */
export function createRouteStats(options: RouteStatsOptions = {}): RouteStatsBuilder {
  const { tracesPerRoute } = parseCounts('createRouteStats', options, OPTIONS);
  const digester = new Digester();
  const routes = new Map<string, RouteAccumulator>();
  return {
    add(analysis) {
      const read = digester.digest(analysis);
      const root = analysis.path.root?.span;
      if (read === undefined || root === undefined) return;
      const key = JSON.stringify([root.service, root.name]);
      const route =
        routes.get(key) ??
        new RouteAccumulator({ service: root.service, operation: root.name }, tracesPerRoute);
      routes.set(key, route);
      route.add(read.digest, analysis.path.durationNs, root.status.code === 'ERROR', read.operations);
    },
    finish() {
      return [...routes.values()].sort(byCount).map((route) => summarizeRoute(route, digester));
    },
  };
}
