// What changed on a route between two sets of traces.
import type { PathGroup } from '../bottleneck.ts';
import type { Route, RouteStats } from '../many/route-stats.ts';

/** A number before and after, with how sure it is that it changed. */
export interface DurationChange {
  readonly beforeNs: bigint;
  readonly afterNs: bigint;
  /** After minus before. */
  readonly differenceNs: bigint;
  /** 95 % confidence interval of the difference. */
  readonly lowNs: bigint;
  readonly highNs: bigint;
  /** `difference / before`; `Infinity` when there was nothing before. */
  readonly ratio: number;
  /** Probability of a difference this large by chance, corrected for everything that was compared; 1 when not judged. */
  readonly pValue: number;
  /** Too unlikely to be chance, and large enough to matter. */
  readonly isSignificant: boolean;
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
  /** Its median time on the path. */
  readonly time: DurationChange;
  /** Share of what the route lost (or won) that this group accounts for; `undefined` when the route did not change. */
  readonly shareOfChange: number | undefined;
}

/**
 * The verdict on a route: `slower` and `faster` only when significant; `unchanged` when nothing was; `mixed` when the median
 * and the slow traces went different ways; `too-few` when there are too few traces to judge.
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
  /** Groups of the path: significant ones first, then by size of the difference. */
  readonly groups: readonly GroupChange[];
  readonly sentence: string;
}
