// What is known of one route after many of its traces: numbers, what the path was made of, what slow traces share.
import type { PathGroup } from '../bottleneck.ts';
import type { RouteSamples } from './route-samples.ts';

/** A service and one of its operations (a span name). Of the root they are the route that traces have in common. */
export interface Route {
  readonly service: string;
  readonly operation: string;
}

/** Durations of the root in nanoseconds; percentiles by nearest rank, so each is the duration of a real trace. */
export interface RouteDurations {
  readonly p50Ns: bigint;
  readonly p95Ns: bigint;
  readonly p99Ns: bigint;
  readonly maxNs: bigint;
  readonly meanNs: bigint;
}

/**
 * Time on the critical path that belongs together, over all traces of a route. Shares are from 0 to 1. `kind` is `untraced` when
 * more than half of the time is.
 */
export interface RouteGroup extends Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'> {
  /** Share of the time of all traces together. */
  readonly share: number;
  /** How much of `share` is untraced. */
  readonly untracedShare: number;
  /** Share of the time of the traces around the median duration. */
  readonly p50Share: number;
  /** Share of the time of the traces around the 95th percentile of duration. */
  readonly p95Share: number;
  /** Share of the time of the traces around the 99th percentile of duration. */
  readonly p99Share: number;
  /** Median of its time on the path, nanoseconds; a trace without it counts as 0. */
  readonly p50Ns: bigint;
  /** Traces it is the bottleneck of, as a share of all. */
  readonly bottleneckShare: number;
}

/** Something that a trace has or has not. */
export type Trait =
  | {
      readonly kind: 'attribute';
      readonly service: string;
      readonly operation: string;
      readonly key: string;
      readonly value: string;
    }
  | {
      readonly kind: 'resource';
      readonly service: string;
      readonly operation: undefined;
      readonly key: string;
      readonly value: string;
    }
  /** A number: the largest that the operation's attribute has in the trace (the resource's when there is no operation). */
  | {
      readonly kind: 'number';
      readonly service: string;
      readonly operation: string | undefined;
      readonly key: string;
      readonly atLeast: number;
    }
  | { readonly kind: 'operation'; readonly service: string; readonly operation: string }
  | {
      readonly kind: 'repeated';
      readonly service: string;
      readonly operation: string;
      readonly atLeast: number;
    }
  | { readonly kind: 'error'; readonly service: string; readonly operation: string };

/** A trait that tells the slow traces of a route from the fast ones. */
export interface CommonTrait {
  readonly trait: Trait;
  /** As it is said: `payment.provider=acme (payment · charge)`. */
  readonly text: string;
  /** Share of the slow traces that have it, 0 to 1. */
  readonly slowShare: number;
  /** Share of the fast traces that have it, 0 to 1. */
  readonly fastShare: number;
  /** Probability of a difference this large by chance, over all traits that were looked at (Fisher's exact test, Holm's correction). */
  readonly pValue: number;
  /** Traits that the same traces have: the same thing said otherwise. */
  readonly also: readonly string[];
  /** `payment.provider=acme (payment · charge) is in 94 % of the slow, 11 % of the fast.` */
  readonly sentence: string;
}

/** The slow traces of a route against the fast ones. */
export interface SlowTraces {
  readonly slowCount: number;
  readonly fastCount: number;
  /** Traces that took at least this long are the slow ones, nanoseconds. */
  readonly fromNs: bigint;
  /** What tells them apart, the clearest first; empty when nothing does. */
  readonly traits: readonly CommonTrait[];
  /** Why nothing was looked for; `undefined` when it was. */
  readonly unjudged: string | undefined;
}

/** An operation and how many traces have a span of it. */
export interface OperationCount extends Route {
  readonly count: number;
}

/** A trace to look at. */
export interface ExampleTrace {
  readonly traceId: string;
  readonly durationNs: bigint;
}

/** What is known of one route after many of its traces. */
export interface RouteStats extends Route {
  /** Traces of the route. */
  readonly count: number;
  /** Traces whose root failed. */
  readonly errors: number;
  readonly durations: RouteDurations;
  /** The critical path by group, the largest share first. */
  readonly groups: readonly RouteGroup[];
  /** The group that is most often the bottleneck. */
  readonly bottleneck: RouteGroup | undefined;
  readonly slow: SlowTraces;
  readonly slowest: ExampleTrace;
  readonly median: ExampleTrace;
  /** Operations that have a span in any of the traces, on the path or not; at most 1 000. */
  readonly operations: readonly OperationCount[];
  readonly sentence: string;
  /** The numbers of single traces, for comparisons and limits; not for printing. */
  readonly samples: RouteSamples;
}
