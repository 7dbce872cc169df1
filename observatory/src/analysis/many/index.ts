/** Many traces of a route: what they have in common, and what the slow ones have that the fast ones have not. */
export { createRouteStats, type RouteStatsBuilder, type RouteStatsOptions } from './create-route-stats.ts';
export type { RouteSamples } from './route-samples.ts';
export type {
  CommonTrait,
  ExampleTrace,
  OperationCount,
  Route,
  RouteDurations,
  RouteGroup,
  RouteStats,
  SlowTraces,
  Trait,
} from './route-stats.ts';
