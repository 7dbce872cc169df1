// What captureTraces() returns.

import type { WaitOptions } from './capture-options.ts';
import type { CapturedTrace } from './captured.ts';

type HeaderValue = string | readonly string[] | number | undefined | null;

/** Headers as supertest, node:http and axios have them, or as `fetch` does. */
export type HeadersLike = { get(name: string): unknown } | { readonly [name: string]: HeaderValue | unknown };

/** A response of supertest, fetch or axios, headers, a `traceresponse` or `traceparent` value, or a trace id. */
export type TraceOrigin = string | { readonly headers: HeadersLike } | HeadersLike;

export interface Traces extends AsyncDisposable {
  /**
   * The trace of a response, by its `traceresponse` header, as soon as it is complete. Rejects with a `LongpoleError`
   * when there is no such header, when the deadline passes first (the message draws the trace so far), and when it
   * lacks what `tracing({ require, strict: true })` asks for.
   */
  of(response: TraceOrigin, options?: WaitOptions): Promise<CapturedTrace>;
  /** Every trace so far, in the order of their first spans, complete or not. */
  all(): readonly CapturedTrace[];
  /** The first complete trace, past or to come, that `predicate` holds for. Rejects like `of()`. */
  waitFor(predicate: (trace: CapturedTrace) => boolean, options?: WaitOptions): Promise<CapturedTrace>;
  /**
   * The complete traces with a link to a span of `trace`: the jobs it has ordered. Waits until every context that
   * `carryContext()` made in it has come to a `runJob()`. Empty when it has ordered none. Rejects like `of()`.
   */
  linkedTo(trace: CapturedTrace, options?: WaitOptions): Promise<readonly CapturedTrace[]>;
  /** Forgets all traces, also what those still under way will bring. */
  clear(): void;
  /**
   * Stops capturing and leaves nothing behind; what was captured stays readable. Rejects when a trace that nobody has
   * asked for lacks what `tracing({ require, strict: true })` asks for. The second call does nothing.
   */
  stop(): Promise<void>;
}
