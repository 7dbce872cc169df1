// Which spans may be dropped, which are always kept, and which can be one of a run.

import { type Attributes, type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_DB_SYSTEM_NAME, EVENT_EXCEPTION } from '@opentelemetry/semantic-conventions';
import type { SpanNode } from './span-node.ts';

/** Longer spans, and spans after longer pauses, are worth a look of their own. */
export const SHORT_NS = 10_000_000;

/** What tells of other processes and of work that is handed over is never dropped. */
export function isDroppable(kind: SpanKind): boolean {
  return kind === SpanKind.INTERNAL || kind === SpanKind.CLIENT;
}

export function hasFailed(span: ReadableSpan): boolean {
  return (
    span.status.code === SpanStatusCode.ERROR || span.events.some(({ name }) => name === EVENT_EXCEPTION)
  );
}

/** A short span of its own: no error, nothing below it here or elsewhere, nothing that only it can tell. */
export function isFoldable(span: ReadableSpan, node: SpanNode): boolean {
  return (
    !node.hasChildren &&
    !node.isSent &&
    isShort(span.duration) &&
    (span.kind === SpanKind.INTERNAL || (span.kind === SpanKind.CLIENT && isDatabaseCall(span.attributes))) &&
    span.status.code !== SpanStatusCode.ERROR &&
    span.events.length === 0 &&
    span.links.length === 0
  );
}

/** By the semantic conventions for database spans, the stable ones or those before. */
function isDatabaseCall(attributes: Attributes): boolean {
  return attributes[ATTR_DB_SYSTEM_NAME] !== undefined || attributes['db.system'] !== undefined;
}

function isShort(duration: HrTime): boolean {
  return duration[0] === 0 && duration[1] <= SHORT_NS;
}
