// Why a span inside a well-formed request cannot be kept, and how that is told to its sender.

/** A cause of rejection; its count is in the statistics under this name. */
export type InvalidSpan = 'invalidTraceId' | 'invalidSpanId' | 'invalidParentSpanId' | 'invalidLink';

/** What each cause means, in the words of the message to the sender. */
export const INVALID_SPAN_REASONS: Readonly<Record<InvalidSpan, string>> = {
  invalidTraceId: 'trace_id is not 16 bytes or all zero',
  invalidSpanId: 'span_id is not 8 bytes or all zero',
  invalidParentSpanId: 'parent_span_id is not 8 bytes',
  invalidLink: 'a link has a trace_id that is not 16 bytes, a span_id that is not 8 bytes, or all zero',
};
