// From where on something is worth a finding: numbers that `docs/findings.md` states and that callers can change.

/** Durations are milliseconds, shares are numbers from 0 to 1, the rest are counts. */
export interface Thresholds {
  /** `clock-skew`: least difference of two clocks. */
  readonly clockSkewMs: number;
  /** `error-storm`: least number of failed requests of a route. */
  readonly stormRequests: number;
  /** `error-storm`: least share of a route's requests that failed. */
  readonly stormShare: number;
  /** `error-storm`: failed calls of one operation below one span that are a storm in a single trace. */
  readonly stormCalls: number;
  /** `noise`: INTERNAL spans of one name below one span. */
  readonly noiseRepeats: number;
  /** `noise`: INTERNAL spans without children that are shorter than `noiseShortMs`, in one trace. */
  readonly noiseShortSpans: number;
  readonly noiseShortMs: number;
  /** `noise`: spans of one service in one trace. */
  readonly noiseSpans: number;
  /** `n-plus-one`: equal calls below one span. */
  readonly nPlusOneCalls: number;
  /** `n-plus-one`: what they must take together, unless there are ten times `nPlusOneCalls`. */
  readonly nPlusOneMs: number;
  /** `sequential-calls`: share of the request's time that would be saved. */
  readonly sequentialShare: number;
  /** `sequential-calls`: time that would be saved. */
  readonly sequentialMs: number;
  /** `retry-storm`: attempts in a row, all but the last failed. */
  readonly retryAttempts: number;
  /** `retry-storm`: a pause between two attempts that counts as one. */
  readonly retryPauseMs: number;
  /** `missing-route`: successful requests without a route, of one service and method. */
  readonly routelessRequests: number;
  /** `high-cardinality-name`: different names that differ in their numbers only. */
  readonly distinctNames: number;
  /** `work-after-response`: how long after the response, unless the middleware has marked the span. */
  readonly afterResponseMs: number;
  /** `sampling-loses-errors`: jobs of one kind whose requests were not sampled. */
  readonly samplingJobs: number;
  /** `sampling-loses-errors`: least share of requests that leave no trace. */
  readonly samplingShare: number;
  /** `broken-propagation`, `lost-job`, `unfinished-span`: how long spans may take to arrive before they count as missing. */
  readonly graceMs: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  clockSkewMs: 10,
  stormRequests: 5,
  stormShare: 0.2,
  stormCalls: 20,
  noiseRepeats: 10,
  noiseShortSpans: 30,
  noiseShortMs: 1,
  noiseSpans: 500,
  nPlusOneCalls: 4,
  nPlusOneMs: 10,
  sequentialShare: 0.1,
  sequentialMs: 20,
  retryAttempts: 3,
  retryPauseMs: 20,
  routelessRequests: 3,
  distinctNames: 3,
  afterResponseMs: 5,
  samplingJobs: 3,
  samplingShare: 0.5,
  graceMs: 10_000,
};
