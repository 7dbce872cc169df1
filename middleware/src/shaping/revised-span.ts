// A copy of an ended span with some of its fields replaced.

import type { ReadableSpan } from '@opentelemetry/sdk-trace';

type Revision = Partial<
  Pick<ReadableSpan, 'parentSpanContext' | 'startTime' | 'endTime' | 'duration' | 'attributes' | 'resource'>
>;

export function revisedSpan(span: ReadableSpan, revision: Revision): ReadableSpan {
  const context = span.spanContext();
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => context,
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: span.attributes,
    links: span.links,
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
    ...revision,
  };
}
