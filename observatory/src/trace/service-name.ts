// The name of the service that made a span.
import type { Resource } from './span.ts';

/** What a service is called whose resource has no `service.name` (OpenTelemetry resource semantic conventions). */
export const UNKNOWN_SERVICE = 'unknown_service';

/** `service.name` of a resource, or {@link UNKNOWN_SERVICE} where it is absent, empty or not a string. */
export function serviceOf(resource: Resource): string {
  const name = resource.attributes['service.name'];
  return typeof name === 'string' && name !== '' ? name : UNKNOWN_SERVICE;
}
