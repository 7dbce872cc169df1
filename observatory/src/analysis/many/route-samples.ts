// The numbers of a route's single traces, as columns: what percentiles, comparisons and limits are computed from.

/**
 * Columns over the kept traces of a route. All of them are kept up to the limit of `createRouteStats`, beyond it a
 * uniform random sample.
 */
export interface RouteSamples {
  /** Traces that are kept. */
  readonly size: number;
  /** Duration of each kept trace in nanoseconds, ascending. */
  readonly durationsNs: Float64Array;
  /** For each group of the route's `groups`, its nanoseconds on the path of each kept trace, in the order of `durationsNs`. */
  groupNs(group: number): Float64Array;
}
