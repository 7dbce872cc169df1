// The spans of one request: those that can be stored, and how many of the others for which reason.
import type { SpanRecord } from '../store/index.ts';
import { INVALID_SPAN_REASONS, type InvalidSpan } from './invalid-span.ts';

/** Collects the spans of one request as they are read. */
export class SpanBatch {
  readonly spans: SpanRecord[] = [];
  readonly rejected: Map<InvalidSpan, number> = new Map();

  accept(span: SpanRecord): void {
    this.spans.push(span);
  }

  reject(cause: InvalidSpan): void {
    this.rejected.set(cause, (this.rejected.get(cause) ?? 0) + 1);
  }

  /** One sentence for each cause of rejection. */
  get problems(): string[] {
    return [...this.rejected].map(([cause, count]) => `${count} × ${INVALID_SPAN_REASONS[cause]}`);
  }
}
