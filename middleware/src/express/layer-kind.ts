// Names the layers of a router for their spans, in words of which there are only as many as the code has layers.

import type { Attributes } from '@opentelemetry/api';
import { ATTR_CODE_FUNCTION_NAME, ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import { isOfRoute, type RouterEvent } from './router-event.ts';

/** Which layers get spans. */
export type Layers = 'none' | 'handlers' | 'all';

export const LAYERS: readonly Layers[] = ['none', 'handlers', 'all'];

/** `express.type`. */
export type LayerType = 'middleware' | 'router' | 'request_handler' | 'error_handler' | 'param';

const WORDS: Readonly<Record<LayerType, string>> = {
  middleware: 'middleware',
  router: 'router',
  request_handler: 'request handler',
  error_handler: 'error handler',
  param: 'param',
};

/** Tracing itself is not worth a span. */
const OWN_FUNCTIONS: ReadonlySet<string | undefined> = new Set(['longpoleTracing', 'longpoleTracingErrors']);

/** The kind of layer, or `undefined` when it is one of ours. */
export function layerType(event: RouterEvent): LayerType | undefined {
  const { handler, param, errorHandler } = event;
  if (param !== undefined) return 'param';
  if (OWN_FUNCTIONS.has(handler?.name)) return undefined;
  if (errorHandler === true) return 'error_handler';
  if (isOfRoute(event)) return 'request_handler';
  return Array.isArray(handler?.stack) || handler?.name === 'mounted_app' ? 'router' : 'middleware';
}

export interface LayerDescription {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Name and attributes of a layer's span. `template` is made of patterns, never of the request's own path. */
export function describeLayer(
  event: RouterEvent,
  type: LayerType,
  template: string | undefined,
): LayerDescription {
  const functionName = event.handler?.name;
  const name = layerName(event, type, template);
  const attributes: Attributes = { 'express.type': type, 'express.name': name };
  if (type !== 'router' && functionName !== undefined && functionName !== '')
    attributes[ATTR_CODE_FUNCTION_NAME] = functionName;
  if (template !== undefined && template !== '') attributes[ATTR_HTTP_ROUTE] = template;
  return { name: `${WORDS[type]} - ${name}`, attributes };
}

function layerName({ handler, param }: RouterEvent, type: LayerType, template: string | undefined): string {
  if (param !== undefined) return param;
  if (type === 'router' || type === 'request_handler') return template || '/';
  return handler?.name || 'anonymous';
}
