// Ends the SERVER span of an incoming request when its response is closed, with all that can be told then.

import type { ServerResponse } from 'node:http';
import { SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import { hrTimeSince } from '../shared/clock.ts';
import { guarded } from '../shared/guard.ts';
import { headerAttributes } from './captured-headers.ts';
import { recordHandlerError } from './handler-error.ts';
import { methodInName } from './methods.ts';
import { readAttributes } from './read-attributes.ts';
import { checkRequired } from './required-attributes.ts';
import { fallbackRoute } from './route-fallback.ts';
import { forwardedAttributes } from './server-attributes.ts';
import type { ServerRecord } from './server-record.ts';

/** `error.type` when the client closed the connection before it had the whole response. */
const CLIENT_DISCONNECTED = 'client_disconnected';
const CLOSED_EARLY = 'the connection was closed before the response was complete';

/** What is told of a request at its end; one part that fails does not keep the others from being told. */
const PARTS: readonly ((record: ServerRecord) => void)[] = [
  guarded('describing the route of a request', describeRoute),
  guarded('describing a response', describeResponse),
  guarded('describing the client behind a proxy', describeClient),
  guarded('describing a request by its attribute getters', describeByReaders),
  guarded('describing the headers of a request', describeHeaders),
  guarded('checking the attributes of a request', describeMissing),
];

/** Ends the span. The first call counts. */
export function endServerSpan(record: ServerRecord): void {
  if (record.ended) return;
  record.ended = true;
  const { span, start } = record;
  const endTime = hrTimeSince(start);
  if (span.isRecording()) for (const describe of PARTS) describe(record);
  span.end(endTime);
}

function describeRoute({ span, request, route: published }: ServerRecord): void {
  const route = published ?? fallbackRoute(request);
  if (route === undefined) return;
  span.updateName(`${methodInName(request.method ?? 'GET')} ${route}`);
  span.setAttribute(ATTR_HTTP_ROUTE, route);
}

function describeResponse(record: ServerRecord): void {
  const { span, response } = record;
  if (response.headersSent) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, response.statusCode);
  if (response.writableFinished || (isEndless(response) && failureOf(response) === undefined))
    describeAnswer(record);
  else describeClosedEarly(record);
}

function describeAnswer({ span, response, errorType, errorMessage }: ServerRecord): void {
  const failed = response.headersSent && response.statusCode >= 500;
  const type = errorType ?? (failed ? String(response.statusCode) : undefined);
  if (type !== undefined) span.setAttribute(ATTR_ERROR_TYPE, type);
  if (failed)
    span.setStatus({
      code: SpanStatusCode.ERROR,
      ...(errorMessage === undefined ? {} : { message: errorMessage }),
    });
}

/** The response is not complete: the application destroyed it because of an error, or else the client is gone. */
function describeClosedEarly(record: ServerRecord): void {
  const { span, request, response } = record;
  const failure = failureOf(response);
  if (failure !== undefined) recordHandlerError(request, failure);
  span.setAttribute(ATTR_ERROR_TYPE, record.errorType ?? CLIENT_DISCONNECTED);
  span.setStatus({ code: SpanStatusCode.ERROR, message: record.errorMessage ?? CLOSED_EARLY });
}

/** What the application has destroyed the response with; Node.js itself does so when the client of a waiting one is gone. */
function failureOf({ errored }: ServerResponse): Error | undefined {
  if (!(errored instanceof Error)) return undefined;
  const isHangUp = errored.message === 'aborted' && (errored as NodeJS.ErrnoException).code === 'ECONNRESET';
  return isHangUp ? undefined : errored;
}

function describeClient({ span, request }: ServerRecord): void {
  const forwarded = forwardedAttributes(request);
  if (forwarded !== undefined) span.setAttributes(forwarded);
}

function describeByReaders({ span, readers, request, response }: ServerRecord): void {
  if (readers.length > 0) span.setAttributes(readAttributes(readers, request, response));
}

function describeHeaders({ span, request, response }: ServerRecord): void {
  const attributes = headerAttributes(request, response);
  if (attributes !== undefined) span.setAttributes(attributes);
}

function describeMissing({ span, request, response, route }: ServerRecord): void {
  checkRequired(span, request, response, () => route ?? fallbackRoute(request));
}

/** A stream of server-sent events has no end of its own: the client's leaving is how it ends. */
function isEndless(response: ServerResponse): boolean {
  const type = response.headersSent ? response.getHeader('content-type') : undefined;
  return typeof type === 'string' && type.startsWith('text/event-stream');
}
