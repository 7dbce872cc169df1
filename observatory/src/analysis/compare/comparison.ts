// What changed on a route between two sets of traces.
import type { PathGroup } from '../bottleneck.ts';
import type { Route, RouteStats } from '../many/route-stats.ts';

/** A duration before and after, with how sure it is that it changed. */
export interface DurationChange {
  readonly beforeNs: bigint;
  readonly afterNs: bigint;
  /** After minus before. */
  readonly differenceNs: bigint;
  /** 95 % confidence interval of the difference. */
  readonly lowNs: bigint;
  readonly highNs: bigint;
  /** `difference / before`; `Infinity` when there was nothing before, 0 when there was and is nothing. */
  readonly ratio: number;
  /** Probability of a difference this large by chance, corrected for everything that was compared; 1 when not judged. */
  readonly pValue: number;
  /** Too unlikely to be chance. */
  readonly isSignificant: boolean;
  /** Large enough to matter: 5 % of what it was, and of a group also 1 % of the route's median. */
  readonly isLarge: boolean;
}

/** Error rate of a route before and after; rates are from 0 to 1. */
export interface ErrorChange {
  readonly before: number;
  readonly after: number;
  readonly pValue: number;
  readonly isSignificant: boolean;
}

/** Whether something is in both sets or in one only. */
export type Presence = 'both' | 'new' | 'gone';

/** How a group of the critical path changed. */
export interface GroupChange extends Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'> {
  readonly presence: Presence;
  /** Its median time on the path; a trace without it counts as 0. */
  readonly time: DurationChange;
  /** Its mean time on the path after, less that before: says more where most traces do without the group. */
  readonly meanDifferenceNs: bigint;
  /**
   * Share of what the route lost (or won) that this group accounts for: of the middle half of the traces when the median
   * changed, of the slowest tenth when only the 95th percentile did; `undefined` when neither did.
   */
  readonly shareOfChange: number | undefined;
}

/** An operation that is in one set only. */
export interface OperationChange extends Route {
  readonly presence: 'new' | 'gone';
  /** Traces that have it, in the set that it is in. */
  readonly count: number;
}

/**
 * The verdict on the durations of a route: `slower` and `faster` only when the change of the median or of the 95th percentile is
 * both significant and large; `mixed` when those two went different ways; `too-few` when there are too few traces to judge.
 */
export type ComparisonVerdict = 'slower' | 'faster' | 'mixed' | 'unchanged' | 'too-few' | 'new' | 'gone';

/** What changed on one route. */
export interface Comparison extends Route {
  readonly verdict: ComparisonVerdict;
  readonly presence: Presence;
  readonly before: RouteStats | undefined;
  readonly after: RouteStats | undefined;
  /** Median and 95th percentile of the duration; `undefined` when the route is in one set only. */
  readonly p50: DurationChange | undefined;
  readonly p95: DurationChange | undefined;
  readonly errors: ErrorChange | undefined;
  /** Groups of the path with at least 0.5 % of its time: significant ones first, then by size of the difference. */
  readonly groups: readonly GroupChange[];
  /** Operations that appeared or disappeared, too often for chance. */
  readonly operations: readonly OperationChange[];
  readonly sentence: string;
}
