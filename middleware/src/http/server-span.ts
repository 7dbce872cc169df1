// The life of a SERVER span: started at the request's head, ended when the response is closed.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { RPCType, setRPCMetadata, suppressTracing } from '@opentelemetry/core';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import { hrTimeSince, now, toHrTime } from '../shared/clock.ts';
import { passOn } from './context-keys.ts';
import { methodInName } from './methods.ts';
import { readAttributes } from './read-attributes.ts';
import { forwardedAttributes, requestAttributes } from './server-attributes.ts';
import { rememberRecord, type ServerRecord } from './server-record.ts';

/** The client closed the connection before it had the whole response. */
const ABORTED = 'client_disconnected';

/** Starts the span, as the child of what the request's headers carry, and makes it active for everything that follows. */
export function startServerSpan(
  tracer: Tracer,
  request: IncomingMessage,
  response: ServerResponse,
): ServerRecord {
  const start = now();
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const span = tracer.startSpan(
    methodInName(request.method ?? 'GET'),
    { kind: SpanKind.SERVER, attributes: requestAttributes(request), startTime: toHrTime(start) },
    parent,
  );
  const spanContext = setRPCMetadata(trace.setSpan(parent, span), { type: RPCType.HTTP, span });
  context.attach(spanContext);
  const record: ServerRecord = {
    span,
    context: spanContext,
    start,
    request,
    response,
    route: undefined,
    errorType: undefined,
    errorMessage: undefined,
    readers: [],
    mounts: new Map(),
    active: context.active() === spanContext,
    ended: false,
  };
  rememberRecord(record);
  return record;
}

/** Makes what the headers carry active without a span, so that calls made by an ignored request still hand it on. */
export function passRequestOn(request: IncomingMessage): void {
  context.attach(passOn(suppressTracing(propagation.extract(ROOT_CONTEXT, request.headers))));
}

/** Ends the span with all that the response tells. The first call counts. */
export function endServerSpan(record: ServerRecord): void {
  if (record.ended) return;
  record.ended = true;
  const { span, response, request, start } = record;
  if (span.isRecording()) {
    if (record.route !== undefined)
      span.updateName(`${methodInName(request.method ?? 'GET')} ${record.route}`);
    span.setAttributes(responseAttributes(record));
    span.setAttributes(readAttributes(record.readers, request, response));
    setStatus(record, !response.writableFinished);
  }
  span.end(hrTimeSince(start));
}

function responseAttributes(record: ServerRecord): Attributes {
  const { response, request, route } = record;
  const attributes: Attributes = forwardedAttributes(request, response) ?? {};
  if (response.headersSent) attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] = response.statusCode;
  if (route !== undefined) attributes[ATTR_HTTP_ROUTE] = route;
  return attributes;
}

function setStatus(record: ServerRecord, aborted: boolean): void {
  const { span, response } = record;
  if (aborted && !isEndless(response)) {
    span.setAttribute(ATTR_ERROR_TYPE, record.errorType ?? ABORTED);
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: 'the connection was closed before the response was complete',
    });
    return;
  }
  const failed = response.headersSent && response.statusCode >= 500;
  const errorType = record.errorType ?? (failed ? String(response.statusCode) : undefined);
  if (errorType !== undefined) span.setAttribute(ATTR_ERROR_TYPE, errorType);
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR, ...messageOf(record) });
}

function messageOf({ errorMessage }: ServerRecord): { message?: string } {
  return errorMessage === undefined ? {} : { message: errorMessage };
}

/** A stream of server-sent events has no end of its own: the client's leaving is how it ends. */
function isEndless(response: ServerResponse): boolean {
  return (
    response.headersSent && String(response.getHeader('content-type') ?? '').startsWith('text/event-stream')
  );
}
