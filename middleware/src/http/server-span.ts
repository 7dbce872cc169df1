// Starts the SERVER span of an incoming request at its head and makes it active.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { RPCType, setRPCMetadata, suppressTracing } from '@opentelemetry/core';
import { type Moment, now, toHrTime } from '../shared/clock.ts';
import { reportFault } from '../shared/guard.ts';
import { passOn } from './context-keys.ts';
import { methodInName } from './methods.ts';
import { enterRequestContext } from './request-context.ts';
import { requestAttributes } from './server-attributes.ts';
import { rememberRecord } from './server-record.ts';

/**
 * Starts the span, as the child of what the request's headers carry, and makes it active for everything that follows.
 * A span that cannot be started (a sampler or processor that throws) leaves the request in its caller's context.
 */
export function startServerSpan(tracer: Tracer, request: IncomingMessage, response: ServerResponse): void {
  const start = now();
  const parent = extractContext(request);
  const span = startSpan(tracer, request, start, parent);
  if (span === undefined) {
    enterRequestContext(request, response, parent);
    return;
  }
  rememberRecord({
    span,
    start,
    request,
    response,
    route: undefined,
    errorType: undefined,
    errorMessage: undefined,
    readers: [],
    ended: false,
  });
  const spanContext = setRPCMetadata(trace.setSpan(parent, span), { type: RPCType.HTTP, span });
  enterRequestContext(request, response, spanContext);
}

/** Makes what the headers carry active without a span, so that calls made by an ignored request still hand it on. */
export function passRequestOn(request: IncomingMessage, response: ServerResponse): void {
  enterRequestContext(request, response, passOn(suppressTracing(extractContext(request)), request));
}

function startSpan(
  tracer: Tracer,
  request: IncomingMessage,
  start: Moment,
  parent: Context,
): Span | undefined {
  const name = methodInName(request.method ?? 'GET');
  const attributes = requestAttributes(request);
  try {
    return tracer.startSpan(name, { kind: SpanKind.SERVER, attributes, startTime: toHrTime(start) }, parent);
  } catch (fault) {
    reportFault('starting a SERVER span', fault);
    return undefined;
  }
}

function extractContext(request: IncomingMessage): Context {
  try {
    return propagation.extract(ROOT_CONTEXT, request.headers);
  } catch (fault) {
    reportFault('extracting the context of a request', fault);
    return ROOT_CONTEXT;
  }
}
