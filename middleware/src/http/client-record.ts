// What is remembered of one outgoing request, and how its span ends, for node:http and undici alike.

import {
  type Attributes,
  type AttributeValue,
  type Context,
  type HrTime,
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
import { expectHop, takeHop } from './redirects.ts';

export interface ClientRecord {
  readonly span: Span;
  readonly start: Moment;
  readonly target: Target;
  /** The context that the call was made in. */
  readonly parent: Context;
  /** How often it was sent before: tries and redirects. */
  readonly resendCount: number;
  /** When the head of the response came. */
  headAt: Moment | undefined;
  error: unknown;
  /** The caller has given up: by a signal, by `destroy()`, or by reading no further. */
  isCancelled: boolean;
  /** The request was quiet for longer than its `timeout`. What fails after that has failed because of it. */
  isTimedOut: boolean;
  isEnded: boolean;
}

/** Where a request goes. */
export interface Target {
  readonly method: string;
  readonly url: string;
  /** A host, or the path of a local socket. */
  readonly address: string;
  readonly port: number | undefined;
  /** Whether it goes through a local socket, which has no port. */
  readonly isLocal: boolean;
}

/** Starts the CLIENT span of one try as a child of `parent`. */
export function startClientSpan(tracer: Tracer, target: Target, parent: Context): ClientRecord {
  const start = now();
  const resendCount = takeHop(parent, target.url) ?? outgoingCall(parent)?.resendCount ?? 0;
  const attributes = { ...targetAttributes(target), ...callAttributes(target, parent, resendCount) };
  const span = tracer.startSpan(
    methodInName(target.method),
    { kind: SpanKind.CLIENT, attributes, startTime: toHrTime(start) },
    parent,
  );
  const noEndYet = { headAt: undefined, error: undefined, isCancelled: false, isTimedOut: false };
  return { span, start, target, parent, resendCount, ...noEndYet, isEnded: false };
}

/** The attributes that tell where the request goes. */
export function targetAttributes({ url, address, port }: Target): Attributes {
  const attributes: Record<string, AttributeValue> = {
    [ATTR_URL_FULL]: redactUrl(url),
    [ATTR_SERVER_ADDRESS]: address,
  };
  if (port !== undefined) attributes[ATTR_SERVER_PORT] = port;
  return attributes;
}

function callAttributes({ method }: Target, parent: Context, resendCount: number): Attributes {
  const known = methodAttribute(method);
  const attributes: Record<string, AttributeValue> = { [ATTR_HTTP_REQUEST_METHOD]: known };
  if (known !== method) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method;
  const call = outgoingCall(parent);
  if (call?.peerService !== undefined) attributes['service.peer.name'] = call.peerService;
  if (resendCount > 0) attributes[ATTR_HTTP_REQUEST_RESEND_COUNT] = resendCount;
  return attributes;
}

/** The response's head has come: status by the CLIENT rules, where 4xx is an error too. */
export function recordResponse(record: ClientRecord, statusCode: number, attributes: Attributes): void {
  record.headAt = now();
  record.span.setAttributes({ ...attributes, [ATTR_HTTP_RESPONSE_STATUS_CODE]: statusCode });
  if (statusCode < 400) return;
  record.span.setAttribute(ATTR_ERROR_TYPE, String(statusCode));
  record.span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The head of the response sends the caller somewhere else; a call that goes there is this one sent again. */
export function recordRedirect(record: ClientRecord, status: number, location: string | undefined): void {
  const { parent, resendCount, target } = record;
  expectHop({ parent, url: target.url, resendCount, status, location });
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

/** Ends the span, now or at `end`. What the caller cancelled is marked as such and is no error. */
export function endClientSpan(record: ClientRecord, end?: Moment): void {
  if (record.isEnded) return;
  record.isEnded = true;
  const endTime = end === undefined ? hrTimeSince(record.start) : toHrTime(end);
  try {
    describeEnd(record, endTime);
  } finally {
    record.span.end(endTime);
  }
}

function describeEnd({ span, error, ...record }: ClientRecord, endTime: HrTime): void {
  if (!record.isTimedOut && (record.isCancelled || isCancelled(error))) {
    span.setAttribute('longpole.cancelled', true);
  } else if (error !== undefined) {
    span.setAttribute(ATTR_ERROR_TYPE, record.isTimedOut ? 'timeout' : connectionErrorType(error));
    recordException(span, error, endTime);
    span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  }
}
