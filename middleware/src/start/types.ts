// What starting takes and returns.

import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { Sampler, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Layers } from '../express/layer-kind.ts';
import type { IgnoreRule } from '../http/ignore.ts';
import type { PrivacyOptions } from '../http/privacy.ts';
import type { BoundaryOptions } from '../trust/boundary.ts';

export interface StartOptions extends BoundaryOptions, PrivacyOptions {
  /** `service.name`. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over it. Defaults to `unknown_service:node`. */
  readonly service?: string;
  /** Base URL of an OTLP/HTTP backend, to which `/v1/traces` is added. The `OTEL_EXPORTER_OTLP_*` variables win over it; OTLP over gRPC reads only those. Defaults to `http://localhost:4318`. */
  readonly endpoint?: string;
  /** `'listen'`: diagnostics channels; `'stock'`: OpenTelemetry's patching instrumentations, which must be loaded before Express. `LONGPOLE_INSTRUMENTATION` wins over it. Defaults to `'listen'`. */
  readonly instrumentation?: 'listen' | 'stock';
  /** Instrumentations beside http, fetch and Express, e.g. of a database client. Defaults to none. */
  readonly instrumentations?: readonly Instrumentation[];
  /**
   * INTERNAL spans of Express's layers: `'handlers'` for route handlers, `'all'` for every middleware, router,
   * `router.param()` callback and error handler too. `LONGPOLE_LAYERS` wins over it. Where spans are made by
   * `instrumentation: 'stock'` it has no effect. Defaults to `'none'`.
   */
  readonly layers?: Layers;
  /**
   * Most spans of one request from this process; past it, INTERNAL and CLIENT spans without an error are counted on an
   * exported span above them (`longpole.dropped_spans`). `0` for no limit. `LONGPOLE_SPAN_BUDGET` wins over it. Defaults
   * to `200`.
   */
  readonly spanBudget?: number;
  /** Incoming requests without a span, beside health checks and static files. Defaults to none. */
  readonly ignore?: readonly IgnoreRule[];
  /** Whether health checks and static files (`DEFAULT_IGNORE`) get no span either. Defaults to `true`. */
  readonly ignoreDefaults?: boolean;
  /** Head sampler, instead of `OTEL_TRACES_SAMPLER`. Defaults to parent-based, always on. */
  readonly sampler?: Sampler;
  /** Where spans go, instead of OTLP. Defaults to what `OTEL_TRACES_EXPORTER` says, OTLP/protobuf over HTTP without it. */
  readonly exporter?: SpanExporter;
  /** How long flushing may hold up the end of the process, in milliseconds. Defaults to `5000`. */
  readonly shutdownDeadlineMs?: number;
  /** Takes the start line and the warnings. Defaults to standard error. */
  readonly log?: (line: string) => void;
}

/** Options with the defaults filled in that start cannot do without. */
export type CompleteOptions = StartOptions & { readonly shutdownDeadlineMs: number };

/** What a processor counts; the rest is counted for the whole process. */
export type SpanCounts = Omit<TracingStats, keyof ProcessCounts>;

/** What is counted for the whole process since it began, wherever its spans go. */
export interface ProcessCounts {
  /**
   * How often a SERVER span ended without an attribute that `tracing({ require, strict: true })` asks for, by the
   * attribute's name, since the process started.
   */
  readonly missingAttributes: Readonly<Record<string, number>>;
  /** Calls that came from inside without trace context although peers send it. */
  readonly callsWithoutContext: number;
  /** Trace context that was not used or not sent, by cause. */
  readonly contextDrops: Readonly<Record<string, number>>;
  /** Errors of tracing itself that were kept from the application. */
  readonly faults: number;
}

/**
 * Every span, accounted for: `ended` = `exported` + `queued` + all of `dropped` + `unsampled`. With several exporters
 * these are the numbers of the first; all zero where Longpole does not send the spans itself (another SDK, gRPC).
 */
export interface TracingStats extends ProcessCounts {
  /** Recording spans started. */
  readonly started: number;
  /** Spans ended; `started` minus `ended` are still open. */
  readonly ended: number;
  /** Ended spans that the sampler only let record. */
  readonly unsampled: number;
  /** Spans that the backend has confirmed. */
  readonly exported: number;
  /** Spans that wait to be sent. */
  readonly queued: number;
  /**
   * Spans given up, by cause: `span_budget` and `folded` (counted on an exported span instead), `queue_full` (no room while the backend was slow or away), `http_400` and the like
   * (refused), `rejected` (an OTLP partial success), `too_large`, `ECONNREFUSED`, `timeout`, `http_503` and the like
   * (away until the end), `unconfirmed` (still being sent when the deadline passed), `exit`, `after_shutdown`,
   * `not_encodable` (a field is not what its type says).
   */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface TracingHandle {
  /**
   * Sends what is queued; resolves when all is confirmed, when the backend is found to be away (spans are kept then)
   * or after the deadline of the options. Never rejects.
   */
  forceFlush(): Promise<void>;
  /** Flushes, with the deadline of the options, and stops tracing. Never rejects; the second call is the first one's. */
  shutdown(): Promise<void>;
  stats(): TracingStats;
}
