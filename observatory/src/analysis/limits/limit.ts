// A limit of `--fail-if`: what is looked at, how it is compared, and with what.
import type { Route } from '../many/route-stats.ts';

export type LimitOperator = '>' | '>=' | '<' | '<=';

/** What a limit looks at. */
export type LimitSubject =
  | { readonly kind: 'percentile'; readonly percentile: number }
  | { readonly kind: 'max' }
  | { readonly kind: 'mean' }
  | { readonly kind: 'count' }
  | { readonly kind: 'errors' }
  | { readonly kind: 'slower' }
  /** Share of a kind of time on the path. */
  | { readonly kind: 'time'; readonly time: 'network' | 'queue' | 'untraced' }
  /** Share of a service, or of one operation of it, on the path. */
  | { readonly kind: 'share'; readonly service: string; readonly operation: string | undefined };

/** `p95 > 800ms`: what breaks the limit. */
export interface Limit {
  /** As it was written. */
  readonly text: string;
  readonly subject: LimitSubject;
  readonly operator: LimitOperator;
  /** Nanoseconds for durations, 0 to 1 (or more) for shares, a whole number for counts. */
  readonly value: number;
}

/** A limit that is broken, or that could not be judged: neither may pass. */
export interface BrokenLimit {
  readonly limit: Limit;
  readonly reason: 'broken' | 'unjudged';
  /** The route it is about; `undefined` when it is about none or all. */
  readonly route: Route | undefined;
  /** The actual value in words (`940 ms`, `83 %`); `undefined` when there is none. */
  readonly actual: string | undefined;
  /** `p95 > 800ms: the p95 of POST /api/checkout is 940 ms (200 traces).`, or why it cannot be judged and what to do. */
  readonly sentence: string;
}
