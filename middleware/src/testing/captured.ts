// What a test sees of a trace: plain, readonly data without a tie to the SDK that made it.

/** Kind of a span (OpenTelemetry trace API, "SpanKind"). */
export type CapturedSpanKind = 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';

export type CapturedAttributeValue =
  | string
  | number
  | boolean
  | readonly (string | number | boolean | null | undefined)[];

/** A value that was set to `undefined` is left out. */
export type CapturedAttributes = Readonly<Record<string, CapturedAttributeValue>>;

export interface CapturedStatus {
  readonly code: 'UNSET' | 'OK' | 'ERROR';
  /** The empty string without one. */
  readonly message: string;
}

export interface CapturedEvent {
  readonly name: string;
  /** Nanoseconds since the Unix epoch. */
  readonly timeNs: bigint;
  readonly attributes: CapturedAttributes;
}

/** A link to a span, usually of another trace. */
export interface CapturedLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: CapturedAttributes;
}

/** The library that made the span (OpenTelemetry, "instrumentation scope"). */
export interface CapturedScope {
  readonly name: string;
  /** The empty string without one. */
  readonly version: string;
}

/** One span. Ids are lower-case hex, times nanoseconds since the Unix epoch. */
export interface CapturedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** `undefined` on the root of a trace. The parent may be outside of what was captured. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: CapturedSpanKind;
  /** `service.name`: of the `tracing({ service })` whose request or job it belongs to. */
  readonly service: string;
  readonly startNs: bigint;
  /** `undefined` while the span is open, which it never is in a complete trace. */
  readonly endNs: bigint | undefined;
  readonly status: CapturedStatus;
  readonly attributes: CapturedAttributes;
  /** In the order of their times. */
  readonly events: readonly CapturedEvent[];
  readonly links: readonly CapturedLink[];
  readonly scope: CapturedScope;
}

/** A span and what was started under it, in the order of starts. */
export interface CapturedNode {
  readonly span: CapturedSpan;
  readonly children: readonly CapturedNode[];
}

/** What a trace, or what is linked to it, still waits for. */
export interface InFlight {
  /** `'span'`: it has not ended. `'job'`: `carryContext()` was called in it and no `runJob()` has begun with that. */
  readonly what: 'span' | 'job';
  readonly spanId: string;
  readonly name: string;
  readonly kind: CapturedSpanKind;
  readonly service: string;
}

/** All spans of one trace, as they were when it was asked for: a later look is another object. */
export interface CapturedTrace {
  readonly traceId: string;
  /** In the order of their starts, a parent before its children. */
  readonly spans: readonly CapturedSpan[];
  /** Spans without a parent among `spans`: one for a trace that nothing is missing of. */
  readonly roots: readonly CapturedNode[];
  /** Names of the services, in the order of `spans`, each once. */
  readonly services: readonly string[];
  /** Whether every span that was started has ended. Jobs are traces of their own and not waited for. */
  readonly isComplete: boolean;
  /** Spans that have not ended and jobs that have not begun. */
  readonly inFlight: readonly InFlight[];
}
