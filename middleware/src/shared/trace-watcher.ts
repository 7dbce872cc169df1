// What the testing kit hears of beside spans.

import type { SpanContext } from '@opentelemetry/api';

/** None of its methods throws. */
export interface TraceWatcher {
  /** `startTracing()` was called with this name for the process. */
  named(service: string): void;
  /** `carryContext()` was called in this span. */
  carried(span: SpanContext): void;
  /** The SERVER span ends without attributes that `tracing({ require, strict: true })` asks for. */
  lacks(span: SpanContext, place: string, names: readonly string[]): void;
}
