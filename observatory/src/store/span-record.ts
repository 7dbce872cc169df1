// What the store keeps of a span: the columns that it searches by, and the span itself as opaque bytes.
import type { Resource, Scope, Span } from '../trace/span.ts';

/** The sender of spans: one resource and one instrumentation scope, shared by all spans of a batch. */
export interface Origin {
  /** `service.name`, never empty. */
  readonly service: string;
  /** Resource and scope as the {@link SpanCodec} wrote them. */
  readonly body: Uint8Array;
}

/** A span on its way into the store. */
export interface SpanRecord {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** The 8 bytes of the id as a signed big-endian integer. */
  readonly spanId: bigint;
  /** As {@link spanId}; 0 on a root. */
  readonly parentSpanId: bigint;
  readonly name: string;
  /** `Span.SpanKind` of OTLP, 0 to 5. */
  readonly kind: number;
  /** Nanoseconds since the Unix epoch, as sent. */
  readonly startNs: bigint;
  /** Nanoseconds; 0 where the span ends before it starts. */
  readonly durationNs: bigint;
  /** `Status.StatusCode` of OTLP, 0 to 2. */
  readonly status: number;
  readonly origin: Origin;
  /** Ids of the traces that the span's links lead to, its own among them where it has links within. */
  readonly linkedTraceIds: readonly string[];
  /** Bytes that have the whole span, as the {@link SpanCodec} reads it, and where in them it begins and ends. */
  readonly source: Uint8Array;
  readonly sourceStart: number;
  readonly sourceEnd: number;
}

/**
 * Reads the bytes that the store keeps. Keys of attributes stand in the bytes as UTF-8, so that a search for an
 * attribute can pass over spans without decoding them.
 */
export interface SpanCodec {
  decodeOrigin(body: Uint8Array): { resource: Resource; scope: Scope };
  decodeSpan(body: Uint8Array, resource: Resource, scope: Scope, service: string): Span;
}
