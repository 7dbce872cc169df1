// Gives the spans of one request or job the name of the application that they belong to.

import type { Span, SpanContext } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { sharedState } from '../shared/state.ts';
import { nodeOf, nodeOfSpan } from './known-spans.ts';

/**
 * Names the request or job that the span belongs to, once: of several names the first stays. False where the spans do
 * not go through our shaping, so that they keep the name of the process.
 */
export function nameService(span: Span, service: string): boolean {
  const node = nodeOfSpan(span);
  if (node === undefined) return false;
  node.root.service ??= service;
  return true;
}

/** The name that was given; `undefined` where it is that of the process. */
export function appServiceOf(span: SpanContext | undefined): string | undefined {
  return nodeOf(span)?.root.service;
}

/**
 * The name of the only application, where nobody has named the process: its spans outside of requests are that one's too.
 * Asked once for each request or job.
 */
export function soleService(): string | undefined {
  const { service, appServices } = sharedState();
  if (service !== undefined || appServices.size !== 1) return undefined;
  const [only] = appServices;
  return only;
}

const resources = new WeakMap<Resource, Map<string, Resource>>();

/** The resource of the span's process with another `service.name`: one object for each name, so that they are sent as one. */
export function resourceNamed({ resource }: ReadableSpan, service: string): Resource {
  if (resource.attributes[ATTR_SERVICE_NAME] === service) return resource;
  const ofProcess = resources.get(resource) ?? new Map<string, Resource>();
  resources.set(resource, ofProcess);
  const named =
    ofProcess.get(service) ?? resource.merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: service }));
  ofProcess.set(service, named);
  return named;
}
