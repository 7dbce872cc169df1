// Puts attributes on the SERVER span of the request that is being handled.

import { type Attributes, context, trace } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { reportFault } from '../shared/guard.ts';

/** Sets attributes on the request's SERVER span, from however deep inside; outside a request on the active span. */
export function annotate(attributes: Attributes): void {
  try {
    const active = context.active();
    (getRPCMetadata(active)?.span ?? trace.getSpan(active))?.setAttributes(attributes);
  } catch (error) {
    reportFault('annotate()', error);
  }
}
