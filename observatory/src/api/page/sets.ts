// Answers about sets of traces, worked out in short turns so that spans and other pages are served meanwhile.
import { analyzeTrace, type TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { compareRoutes } from '../../analysis/compare/index.ts';
import { createDoctor, type Finding } from '../../analysis/findings/index.ts';
import { createFlame } from '../../analysis/flame/index.ts';
import { createRouteStats, type RouteStats } from '../../analysis/many/index.ts';
import { type TraceStore, Turns } from '../../store/index.ts';
import {
  type ComparisonView,
  type FlameView,
  type MapView,
  RouteMoments,
  type RouteView,
  ServiceMap,
  type SetSize,
  toComparisonView,
  toFlameView,
  toRouteView,
} from '../../view/index.ts';
import type { SetRequest } from './set-query.ts';

/** The ids of a set, the newest first. */
interface Chosen {
  readonly ids: readonly string[];
  readonly leftOut: number;
  /** Whether the set is everything that was ever sent here. */
  readonly isWhole: boolean;
}

function choose(store: TraceStore, { last, accepts }: SetRequest): Chosen {
  const matching = store.newest(Number.POSITIVE_INFINITY).filter(accepts);
  const { traces, evictedTraces } = store.stats();
  const ids = matching.slice(0, last).map(({ traceId }) => traceId);
  return {
    ids,
    leftOut: matching.length - ids.length,
    isWhole: ids.length === traces && evictedTraces === 0,
  };
}

/** Gives every trace of the set to `take`, the newest first. */
async function readSet(
  store: TraceStore,
  { ids, leftOut }: Chosen,
  take: (analysis: TraceAnalysis) => void,
): Promise<SetSize> {
  const turns = new Turns();
  let traces = 0;
  for (const traceId of ids) {
    const trace = store.trace(traceId);
    await turns.breathe();
    if (trace === undefined) continue;
    take(analyzeTrace(trace));
    traces++;
    await turns.breathe();
  }
  return { traces, leftOut };
}

/** What is wrong in a set, as of `nowNs`. */
export async function findingsOf(
  store: TraceStore,
  request: SetRequest,
  nowNs: bigint,
): Promise<{ set: SetSize; findings: Finding[] }> {
  const chosen = choose(store, request);
  const doctor = createDoctor({ nowNs, complete: chosen.isWhole });
  const set = await readSet(store, chosen, (analysis) => doctor.add(analysis));
  return { set, findings: doctor.finish() };
}

async function statsOf(
  store: TraceStore,
  request: SetRequest,
): Promise<{ set: SetSize; stats: RouteStats[]; seen: RouteMoments }> {
  const builder = createRouteStats();
  const seen = new RouteMoments();
  const set = await readSet(store, choose(store, request), (analysis) => {
    builder.add(analysis);
    seen.add(analysis);
  });
  return { set, stats: builder.finish(), seen };
}

export async function routesOf(
  store: TraceStore,
  request: SetRequest,
): Promise<{ set: SetSize; routes: RouteView[] }> {
  const { set, stats, seen } = await statsOf(store, request);
  return { set, routes: stats.map((route) => toRouteView(route, seen)) };
}

export async function comparisonOf(
  store: TraceStore,
  before: SetRequest,
  after: SetRequest,
): Promise<{ before: SetSize; after: SetSize; routes: ComparisonView[] }> {
  const first = await statsOf(store, before);
  const second = await statsOf(store, after);
  const routes = compareRoutes(first.stats, second.stats).map(toComparisonView);
  return { before: first.set, after: second.set, routes };
}

export async function flameOf(
  store: TraceStore,
  request: SetRequest,
): Promise<{ set: SetSize; flame: FlameView }> {
  const builder = createFlame();
  const set = await readSet(store, choose(store, request), (analysis) => builder.add(analysis));
  return { set, flame: toFlameView(builder.finish()) };
}

export async function mapOf(
  store: TraceStore,
  request: SetRequest,
  nowNs: bigint,
): Promise<{ set: SetSize; map: MapView }> {
  const chosen = choose(store, request);
  const doctor = createDoctor({ only: ['broken-propagation'], nowNs, complete: chosen.isWhole });
  const services = new ServiceMap();
  const set = await readSet(store, chosen, (analysis) => {
    doctor.add(analysis);
    services.add(analysis);
  });
  return { set, map: services.finish(doctor.finish()) };
}
