// What the page is told of sets of traces: routes, comparisons, the map of services, what-if answers. Plain JSON.
import type { PartKind } from '../analysis/critical-path.ts';
import type { GroupView } from './shapes.ts';

/** How many traces a set has, and how many more matched than were read. */
export interface SetSize {
  readonly traces: number;
  readonly leftOut: number;
}

export interface RouteGroupView extends Pick<GroupView, 'kind' | 'service' | 'operation' | 'peer' | 'calls'> {
  /** 0 to 1, over all traces of the route and around the percentiles of duration. */
  readonly share: number;
  readonly p50Share: number;
  readonly p95Share: number;
  readonly p99Share: number;
  /** Median of its time on the path. */
  readonly p50Ms: number;
  /** Traces it is the bottleneck of, 0 to 1. */
  readonly bottleneckShare: number;
}

/** A route (service and operation of the root) after many of its traces. */
export interface RouteView {
  readonly service: string;
  readonly operation: string;
  readonly count: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly sentence: string;
  readonly groups: readonly RouteGroupView[];
  /** What the slow traces have that the fast ones have not, a sentence each. */
  readonly traits: readonly string[];
  /** Why slow and fast traces were not compared; null when they were. */
  readonly unjudged: string | null;
  readonly slowest: string;
  readonly median: string;
  /** Start (ms since the Unix epoch), duration (ms) and index of the bottleneck's group (-1: none) of each trace, by start. */
  readonly points: readonly (readonly [number, number, number])[];
}

export interface ChangeView {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly differenceMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly isSignificant: boolean;
}

export interface ComparisonView {
  readonly service: string;
  readonly operation: string;
  readonly verdict: string;
  readonly sentence: string;
  readonly beforeCount: number;
  readonly afterCount: number;
  readonly p50: ChangeView | null;
  readonly p95: ChangeView | null;
  readonly groups: readonly (Pick<GroupView, 'kind' | 'service' | 'operation' | 'peer'> & {
    readonly time: ChangeView;
  })[];
}

/** A service on the map. */
export interface ServiceNode {
  readonly service: string;
  /** Requests it answered and jobs it ran. */
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Whether it was only called and never seen itself. */
  readonly isUntraced: boolean;
}

/** Calls (or messages) from one service to another. */
export interface ServiceEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'call' | 'message';
  readonly calls: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Calls whose trace context did not arrive, as far as that shows. */
  readonly isBroken: boolean;
}

export interface MapView {
  readonly nodes: readonly ServiceNode[];
  readonly edges: readonly ServiceEdge[];
  /** Seconds from the first to the last request, for rates; 0 where there are none. */
  readonly seconds: number;
}

/** One frame of a flame graph of critical paths. */
export interface FrameView {
  readonly service: string;
  readonly operation: string;
  readonly kind: PartKind;
  readonly peer: string;
  /** Index of the frame that it stands on, -1 at the bottom. */
  readonly parent: number;
  readonly depth: number;
  /** From the left edge, milliseconds of the critical path. */
  readonly startMs: number;
  readonly totalMs: number;
  readonly selfMs: number;
}

/** Critical paths of one or many traces, merged; parents before their children. */
export interface FlameView {
  readonly traces: number;
  readonly totalMs: number;
  readonly frames: readonly FrameView[];
}

/** The answer to a what-if. */
export interface WhatIfView {
  readonly sentence: string;
  /** Spans that were changed. */
  readonly changed: number;
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly bottleneck: GroupView | null;
  readonly groups: readonly GroupView[];
}
