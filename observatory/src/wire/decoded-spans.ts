// What a decoder makes of one piece of input: the spans, and how many could not be kept.
import type { Span } from '../trace/span.ts';

export interface DecodedSpans {
  readonly spans: Span[];
  /** Spans left out because they have no id or no time. */
  invalid: number;
}
