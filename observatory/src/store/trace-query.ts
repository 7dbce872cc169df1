// What a search asks for, in the terms of Jaeger's query API.
import type { Span } from '../trace/span.ts';

/**
 * A trace is found when one of its spans meets every condition at once. All bounds are inclusive, and
 * a condition that is absent is always met.
 */
export interface TraceQuery {
  readonly service?: string;
  readonly operation?: string;
  /** Bounds of the span's start, nanoseconds since the Unix epoch. */
  readonly startMinNs?: bigint;
  readonly startMaxNs?: bigint;
  /** Bounds of the span's duration, nanoseconds. */
  readonly durationMinNs?: bigint;
  readonly durationMaxNs?: bigint;
  /**
   * Attributes that the span, its scope, its resource, one of its events or one of its links must have, with
   * their values as text. `error`, `span.kind`, `span.status`, `scope.name`, `scope.version` and `resource.<key>` mean what they say.
   */
  readonly attributes?: ReadonlyMap<string, string>;
  /** How many traces to find at most. */
  readonly limit: number;
}

/** A test of a decoded span. */
export type SpanTest = (span: Span) => boolean;
