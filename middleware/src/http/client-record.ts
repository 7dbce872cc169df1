// What is remembered of one outgoing request, and how its span ends, for node:http and undici alike.

import {
  type Attributes,
  type AttributeValue,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions';
import { hrTimeSince, type Moment, now, toHrTime } from '../shared/clock.ts';
import { outgoingCall } from './context-keys.ts';
import { connectionErrorType, errorMessage, isCancelled, recordException } from './errors.ts';
import { plainAddress } from './hosts.ts';
import { methodAttribute, methodInName } from './methods.ts';
import { redactUrl } from './redact-url.ts';

export interface ClientRecord {
  readonly span: Span;
  readonly start: Moment;
  error: unknown;
  /** Set while a response whose body is still open has not failed. */
  responded: boolean;
  ended: boolean;
}

/** Where a request goes. */
export interface Target {
  readonly method: string;
  readonly url: string;
  readonly address: string;
  readonly port: number | undefined;
}

/** Starts the CLIENT span of one try as a child of `parent`. */
export function startClientSpan(tracer: Tracer, target: Target, parent: Context): ClientRecord {
  const start = now();
  const span = tracer.startSpan(
    methodInName(target.method),
    { kind: SpanKind.CLIENT, attributes: targetAttributes(target, parent), startTime: toHrTime(start) },
    parent,
  );
  return { span, start, error: undefined, responded: false, ended: false };
}

function targetAttributes(target: Target, parent: Context): Attributes {
  const attributes: Record<string, AttributeValue> = {
    [ATTR_HTTP_REQUEST_METHOD]: methodAttribute(target.method),
    [ATTR_URL_FULL]: redactUrl(target.url),
    [ATTR_SERVER_ADDRESS]: target.address,
  };
  if (target.port !== undefined) attributes[ATTR_SERVER_PORT] = target.port;
  if (attributes[ATTR_HTTP_REQUEST_METHOD] !== target.method) {
    attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = target.method;
  }
  const call = outgoingCall(parent);
  if (call?.peerService !== undefined) attributes['service.peer.name'] = call.peerService;
  if (call?.resendCount !== undefined) attributes[ATTR_HTTP_REQUEST_RESEND_COUNT] = call.resendCount;
  return attributes;
}

/** The response's head has come: status by the CLIENT rules, where 4xx is an error too. */
export function recordResponse(record: ClientRecord, statusCode: number, attributes: Attributes): void {
  record.responded = true;
  record.span.setAttributes({ ...attributes, [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode });
  if (statusCode < 400) return;
  record.span.setAttribute(ATTR_ERROR_TYPE, String(statusCode));
  record.span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Who answered on the other end of the socket. */
export function peerAttributes(socket: {
  remoteAddress?: string | undefined;
  remotePort?: number | undefined;
}): Attributes {
  const attributes: Attributes = {};
  if (socket.remoteAddress !== undefined) {
    attributes[ATTR_NETWORK_PEER_ADDRESS] = plainAddress(socket.remoteAddress);
  }
  if (socket.remotePort !== undefined) attributes[ATTR_NETWORK_PEER_PORT] = socket.remotePort;
  return attributes;
}

/** Ends the span. What the caller cancelled is marked as such and is no error. */
export function endClientSpan(record: ClientRecord): void {
  if (record.ended) return;
  record.ended = true;
  const { span, error, start } = record;
  const endTime = hrTimeSince(start);
  if (error !== undefined && isCancelled(error)) {
    span.setAttribute('longpole.cancelled', true);
  } else if (error !== undefined) {
    span.setAttribute(ATTR_ERROR_TYPE, connectionErrorType(error));
    recordException(span, error, endTime);
    span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  }
  span.end(endTime);
}
