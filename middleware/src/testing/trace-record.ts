// What is known of one trace while it is captured.

import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '@opentelemetry/semantic-conventions';

/** `'open'` until the span ends; then `'kept'`, or `'left_out'` where a budget or a run has no place for it. */
export interface SpanRecord {
  span: ReadableSpan;
  state: 'open' | 'kept' | 'left_out';
  /** The name that `startTracing()` had given to the process when the span began. */
  readonly processName: string | undefined;
}

/** What `tracing({ require, strict: true })` has missed on one span. */
export interface Lack {
  readonly place: string;
  readonly names: readonly string[];
  isTold: boolean;
}

export class TraceRecord {
  readonly traceId: string;
  /** By span id, in the order of starts. */
  readonly spans: Map<string, SpanRecord> = new Map();
  readonly lacks: Lack[] = [];
  /** How often `carryContext()` was called, by the id of the span. */
  readonly carried: Map<string, number> = new Map();
  /** How often a job has begun with a context from here, by the id of the span. */
  readonly begun: Map<string, number> = new Map();
  /** Traces with a link to a span of this one. */
  readonly linkedFrom: Set<string> = new Set();
  open = 0;
  /** Whether nothing was open for so long that what a call had set off elsewhere in the process would have begun. */
  isSettled = false;
  /** Number of spans that were started; tells whether anything is new. */
  started = 0;

  constructor(traceId: string) {
    this.traceId = traceId;
  }

  /** Whether a call has ended without an answer and no SERVER span of it is there: one may still begin. */
  hasUnanswered(): boolean {
    const spans = [...this.spans.values()].map(({ span }) => span);
    const received = new Set(
      spans.flatMap(({ kind, parentSpanContext }) =>
        kind === SpanKind.SERVER ? (parentSpanContext?.spanId ?? []) : [],
      ),
    );
    return spans.some((span) => isUnanswered(span) && !received.has(span.spanContext().spanId));
  }

  /** Ids of the spans whose carried contexts have not come to a job, each once. */
  jobsToCome(): string[] {
    return [...this.carried]
      .filter(([spanId, count]) => count > (this.begun.get(spanId) ?? 0))
      .map(([spanId]) => spanId);
  }
}

function isUnanswered({ kind, attributes }: ReadableSpan): boolean {
  return (
    kind === SpanKind.CLIENT &&
    attributes[ATTR_HTTP_REQUEST_METHOD] !== undefined &&
    attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] === undefined
  );
}
