// Starts the SERVER span of an incoming request at its head and makes it active.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { RPCType, setRPCMetadata, suppressTracing } from '@opentelemetry/core';
import { hrTimeSince, type Moment, now, toHrTime } from '../shared/clock.ts';
import { reportFault } from '../shared/guard.ts';
import { type Caller, readCaller } from '../trust/read-caller.ts';
import { watchCaller } from '../trust/watch-callers.ts';
import { isPassedOn, passOn } from './context-keys.ts';
import { methodInName } from './methods.ts';
import { contextOfRequest, enterRequestContext } from './request-context.ts';
import { requestAttributes } from './server-attributes.ts';
import { recordOf, rememberRecord, type ServerRecord } from './server-record.ts';

/**
 * Starts the span, as the child of what the request's headers carry when the caller is trusted, as the root of a new trace
 * with a link to it when not, and makes it active for everything that follows.
 * A span that cannot be started (a sampler or processor that throws) leaves the request in its caller's context.
 */
export function startServerSpan(tracer: Tracer, request: IncomingMessage, response: ServerResponse): void {
  const start = now();
  const caller = readCaller(request);
  watchCaller(request, caller);
  const span = startSpan(tracer, request, start, caller);
  if (span === undefined) {
    enterRequestContext(request, response, caller.context);
    return;
  }
  enterSpan(caller, {
    tracer,
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
}

function enterSpan({ context }: Caller, record: ServerRecord): Context {
  const { request, response, span } = record;
  rememberRecord(record);
  const spanContext = setRPCMetadata(trace.setSpan(context, span), { type: RPCType.HTTP, span });
  enterRequestContext(request, response, spanContext);
  return spanContext;
}

/**
 * Has the request begin once more with what its application says of its caller. Where the caller is not trusted after
 * all, the span in its trace ends here, and another, the root of a new trace, takes its place and its beginning.
 *
 * @returns the context to go on in
 */
export function beginAgain(caller: Caller, request: IncomingMessage, response: ServerResponse): Context {
  const record = recordOf(request);
  if (record === undefined || record.ended) return enterWithoutSpan(caller, request, response);
  if (caller.isTrusted) return enterSpan(caller, record);
  const span = startSpan(record.tracer, request, record.start, caller);
  record.span.end(hrTimeSince(record.start));
  if (span === undefined) {
    record.ended = true;
    return enterWithoutSpan(caller, request, response);
  }
  return enterSpan(caller, { ...record, span });
}

function enterWithoutSpan(caller: Caller, request: IncomingMessage, response: ServerResponse): Context {
  const before = contextOfRequest(request) ?? ROOT_CONTEXT;
  const requestContext = isPassedOn(before)
    ? passOn(suppressTracing(caller.context), request)
    : caller.context;
  enterRequestContext(request, response, requestContext);
  return requestContext;
}

/** Makes what the headers carry active without a span, so that calls made by an ignored request still hand it on. */
export function passRequestOn(request: IncomingMessage, response: ServerResponse): void {
  enterRequestContext(request, response, passOn(suppressTracing(readCaller(request).context), request));
}

function startSpan(
  tracer: Tracer,
  request: IncomingMessage,
  start: Moment,
  { context, links }: Caller,
): Span | undefined {
  const name = methodInName(request.method ?? 'GET');
  const options = {
    kind: SpanKind.SERVER,
    attributes: requestAttributes(request),
    links,
    startTime: toHrTime(start),
  };
  try {
    return tracer.startSpan(name, options, context);
  } catch (fault) {
    reportFault('starting a SERVER span', fault);
    return undefined;
  }
}
