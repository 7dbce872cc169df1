// Ends the SERVER span of an incoming request when its response is closed, with all that can be told then.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
} from '@opentelemetry/semantic-conventions';
import { hrTimeSince } from '../shared/clock.ts';
import { reportFault } from '../shared/guard.ts';
import { headerAttributes } from './captured-headers.ts';
import { recordHandlerError } from './handler-error.ts';
import { routeName } from './methods.ts';
import { readAttributes } from './read-attributes.ts';
import { checkRequired } from './required-attributes.ts';
import { fallbackRoute } from './route-fallback.ts';
import { describeForwarded } from './server-attributes.ts';
import { letGoOf, type ServerRecord } from './server-record.ts';

/** `error.type` when the client closed the connection before it had the whole response. */
const CLIENT_DISCONNECTED = 'client_disconnected';
const CLOSED_EARLY = 'the connection was closed before the response was complete';

/** A request that has ended, and its SERVER span. */
interface Ended {
  readonly record: ServerRecord;
  readonly span: Span;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is told of a request at its end. */
const PARTS: readonly (readonly [part: string, describe: (ended: Ended) => void])[] = [
  ['describing the route of a request', describeRoute],
  ['describing a response', describeResponse],
  ['describing the client behind a proxy', describeClient],
  ['describing a request by its attribute getters', describeByReaders],
  ['describing the headers of a request', describeHeaders],
  ['checking the attributes of a request', describeMissing],
];

/** Ends the span. The first call counts. */
export function endServerSpan(
  record: ServerRecord,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (record.ended) return;
  record.ended = true;
  letGoOf(record);
  const { span } = record;
  if (!span.isRecording()) {
    span.end();
    return;
  }
  const endTime = hrTimeSince(record.start);
  describe({ record, span, request, response });
  span.end(endTime);
}

/** One part that fails does not keep the others from being told. */
function describe(ended: Ended): void {
  for (let i = 0; i < PARTS.length; i++) {
    const [part, describePart] = PARTS[i] as (typeof PARTS)[number];
    try {
      describePart(ended);
    } catch (fault) {
      reportFault(part, fault);
    }
  }
}

function describeRoute({ record, span, request }: Ended): void {
  record.route ??= fallbackRoute(request);
  const { route } = record;
  if (route === undefined) return;
  span.updateName(routeName(request.method ?? 'GET', route));
  span.setAttribute(ATTR_HTTP_ROUTE, route);
}

function describeResponse(ended: Ended): void {
  const { span, response } = ended;
  if (response.headersSent) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, response.statusCode);
  if (response.writableFinished || (isEndless(response) && failureOf(response) === undefined))
    describeAnswer(ended);
  else describeClosedEarly(ended);
}

function describeAnswer({ span, response, record: { errorType, errorMessage } }: Ended): void {
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
function describeClosedEarly({ record, span, request, response }: Ended): void {
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

function describeClient({ span, request }: Ended): void {
  describeForwarded(span, request);
}

function describeByReaders({ record: { readers }, span, request, response }: Ended): void {
  if (readers !== undefined) for (const each of readers) readAttributes(span, each, request, response);
}

function describeHeaders({ span, request, response }: Ended): void {
  const attributes = headerAttributes(request, response);
  if (attributes !== undefined) span.setAttributes(attributes);
}

function describeMissing({ record, span, request, response }: Ended): void {
  checkRequired(span, request, response, record.route);
}

/** A stream of server-sent events has no end of its own: the client's leaving is how it ends. */
function isEndless(response: ServerResponse): boolean {
  const type = response.headersSent ? response.getHeader('content-type') : undefined;
  return typeof type === 'string' && type.startsWith('text/event-stream');
}
