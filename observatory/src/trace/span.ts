// The domain's span: what every receiver and source converts to and every analysis reads.

/** Kind of a span (OpenTelemetry trace API, "SpanKind"); `UNSPECIFIED` is what a sender left out. */
export type SpanKind = 'UNSPECIFIED' | 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';

/** A value of an attribute: int64 is always a `bigint`, a double always a `number`, so that both survive a round trip. */
export type AttributeValue =
  | string
  | boolean
  | bigint
  | number
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | AttributeMap;

export interface AttributeMap {
  readonly [key: string]: AttributeValue;
}

export interface SpanEvent {
  readonly name: string;
  readonly timeNs: bigint;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
}

/** A link to another span, usually in another trace. Ids are lower-case hex. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
  readonly flags: number;
}

export interface SpanStatus {
  readonly code: 'UNSET' | 'OK' | 'ERROR';
  readonly message: string;
}

/** The entity that made the span; `service.name` is its name. Spans of one sender share one object. */
export interface Resource {
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
}

export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
}

/**
 * One finished span. Ids are lower-case hex (32 and 16 digits); times are nanoseconds since the Unix epoch.
 * `parentSpanId` is the empty string on a root.
 */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: AttributeMap;
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly SpanLink[];
  readonly droppedLinksCount: number;
  readonly status: SpanStatus;
  readonly resource: Resource;
  readonly scope: Scope;
  /** `service.name` of the resource, or `unknown_service`. */
  readonly service: string;
}

/** All known spans of one trace id, in no particular order, each span id of each service once. */
export interface Trace {
  readonly traceId: string;
  readonly spans: readonly Span[];
}
