// What the page is told: plain JSON, without bigint, small enough for a trace of 100 000 spans.
import type { PartKind } from '../analysis/critical-path.ts';
import type { SpanKind } from '../trace/span.ts';

/** A trace in a list, without its verdict. */
export interface TraceRow {
  readonly traceId: string;
  readonly service: string;
  readonly operation: string;
  /** Whether it begins with the processing of a message: a job, which nobody waits for. */
  readonly isJob: boolean;
  /** Milliseconds since the Unix epoch, with the fraction. */
  readonly startMs: number;
  /** From the earliest start to the latest end. */
  readonly durationMs: number;
  readonly spans: number;
  readonly errors: number;
  /** Grows whenever spans arrive: a row with a higher one is newer news of the same trace. */
  readonly arrival: number;
}

/** Time on the critical path that belongs together. */
export interface GroupView {
  readonly kind: PartKind;
  readonly service: string;
  readonly operation: string;
  /** The service at the other end of a network way; else the empty string. */
  readonly peer: string;
  /** What its calls without an answer in the trace went to, by what the caller says of it. */
  readonly calls: readonly string[];
  readonly selfMs: number;
  /** 0 to 1, of the root's duration. */
  readonly share: number;
  readonly spans: number;
}

/** What holds a trace up, for a row of a list. */
export interface Verdict {
  readonly traceId: string;
  /** The arrival up to which it was judged. */
  readonly arrival: number;
  readonly sentence: string;
  readonly bottleneck: GroupView | null;
  /** The services on the critical path with their shares, the largest first. */
  readonly services: readonly { readonly service: string; readonly share: number }[];
}

/** The spans of a trace as columns of equal length, in the order of the tree: parents before their children. */
export interface SpanColumns {
  /** 16 hex digits. */
  readonly id: readonly string[];
  /** Index of the parent, -1 on a root. */
  readonly parent: readonly number[];
  /** Index into `services`. */
  readonly service: readonly number[];
  /** Index into `names`. */
  readonly name: readonly number[];
  /** Index into {@link KINDS}. */
  readonly kind: readonly number[];
  /** Nanoseconds since the start of the trace's root, on the root's clock; negative before it. */
  readonly startNs: readonly number[];
  readonly durationNs: readonly number[];
  /** Nanoseconds of the span's own on the critical path; 0 off it. */
  readonly pathNs: readonly number[];
  /** 0 unset, 1 ok, 2 error. */
  readonly status: readonly number[];
}

export const KINDS: readonly SpanKind[] = [
  'UNSPECIFIED',
  'INTERNAL',
  'SERVER',
  'CLIENT',
  'PRODUCER',
  'CONSUMER',
];

/** A piece of the critical path. */
export interface PathView {
  /** Index of the span. */
  readonly span: number;
  readonly kind: PartKind;
  readonly peer: string;
  readonly startNs: number;
  readonly durationNs: number;
}

/** Something broken in the trace, in words, and the spans it is about. */
export interface WarningView {
  readonly code: string;
  readonly message: string;
  /** Indexes of spans. */
  readonly spans: readonly number[];
}

/** A link between a span of this trace and one of another (or of this one). */
export interface LinkView {
  /** Index of the span in this trace, -1 when it is not there. */
  readonly span: number;
  readonly traceId: string;
  readonly spanId: string;
  /** The other trace, when it is stored. */
  readonly trace: TraceRow | null;
}

/** One trace with its verdict. */
export interface TraceView {
  readonly traceId: string;
  readonly arrival: number;
  /** Start of the root, milliseconds since the Unix epoch. */
  readonly startMs: number;
  /** Duration of the root. */
  readonly durationNs: number;
  /** The earliest start and the latest end of all spans, nanoseconds since the root's start. */
  readonly fromNs: number;
  readonly toNs: number;
  readonly sentence: string;
  readonly bottleneck: GroupView | null;
  readonly services: readonly string[];
  readonly names: readonly string[];
  readonly spans: SpanColumns;
  readonly path: readonly PathView[];
  readonly groups: readonly GroupView[];
  readonly warnings: readonly WarningView[];
  /** Links of this trace's spans to others. */
  readonly links: readonly LinkView[];
  /** Links of other traces' spans to this one's. */
  readonly linkedFrom: readonly LinkView[];
}
