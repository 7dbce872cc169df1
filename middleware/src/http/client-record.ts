// What is remembered of one outgoing request, and how its span ends, for node:http and undici alike.

import {
  type Context,
  type HrTime,
  type Link,
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
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions';
import type { FlatAttributes } from '../recording/attribute-list.ts';
import { OwnDraft } from '../recording/own-draft.ts';
import { hrTimeSince, type Moment, now, toHrTime } from '../shared/clock.ts';
import { outgoingCall } from './context-keys.ts';
import { connectionErrorType, errorMessage, isCancelled, recordException } from './errors.ts';
import { plainAddress } from './hosts.ts';
import { methodAttribute, methodInName } from './methods.ts';
import { redactUrl } from './redact-url.ts';
import { expectHop, takeHop } from './redirects.ts';

/** What is known of a call when it begins. */
interface Call {
  readonly target: Target;
  /** How often it was sent before: tries and redirects. */
  readonly resendCount: number;
  /** `service.peer.name`, where the caller has a name for it. */
  readonly peerService: string | undefined;
}

/** A request of `node:http` or undici, and how to find out where it goes. */
export interface Outgoing<Request> {
  readonly method: string;
  readonly request: Request;
  /** Asked once, and only where somebody wants to know: most requests that are not sampled are not looked at. */
  targetOf(request: Request): Target;
}

export class ClientRecord<Request = unknown> implements Call {
  declare private readonly outgoing: Outgoing<Request>;
  #target: Target | undefined = undefined;
  declare readonly resendCount: number;
  declare readonly peerService: string | undefined;
  readonly start: Moment = now();
  /** The context that the call was made in. */
  declare readonly parent: Context;
  declare readonly span: Span;
  /** When the head of the response came. */
  headAt: Moment | undefined = undefined;
  error: unknown = undefined;
  /** The caller has given up: by a signal, by `destroy()`, or by reading no further. */
  isCancelled = false;
  /** The request was quiet for longer than its `timeout`. What fails after that has failed because of it. */
  isTimedOut = false;
  isEnded = false;

  /** Starts the CLIENT span of one try as a child of `parent`. */
  constructor(tracer: Tracer, outgoing: Outgoing<Request>, parent: Context) {
    const call = outgoingCall(parent);
    this.outgoing = outgoing;
    this.parent = parent;
    this.resendCount = takeHop(parent, this) ?? call?.resendCount ?? 0;
    this.peerService = call?.peerService;
    const name = methodInName(outgoing.method);
    const draft = new OwnDraft<Call>(name, SpanKind.CLIENT, this.start, NO_LINKS, callAttributes, this);
    this.span = draft.start(tracer, parent);
  }

  /** As it was when it was first asked for, which for a recorded span is its start. */
  get target(): Target {
    const { request, targetOf } = this.outgoing;
    this.#target ??= targetOf(request);
    return this.#target;
  }
}

const NO_LINKS: readonly Link[] = [];

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

function callAttributes({ target, resendCount, peerService }: Call): FlatAttributes {
  const { method, url, address, port } = target;
  const known = methodAttribute(method);
  const flat: FlatAttributes = [
    ATTR_URL_FULL,
    redactUrl(url),
    ATTR_SERVER_ADDRESS,
    address,
    ATTR_HTTP_REQUEST_METHOD,
    known,
  ];
  if (port !== undefined) flat.push(ATTR_SERVER_PORT, port);
  if (known !== method) flat.push(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, method);
  if (peerService !== undefined) flat.push('service.peer.name', peerService);
  if (resendCount > 0) flat.push(ATTR_HTTP_REQUEST_RESEND_COUNT, resendCount);
  return flat;
}

/** Where the request went, now that it is known better. */
export function recordTarget(span: Span, { url, port }: Target): void {
  span.setAttribute(ATTR_URL_FULL, redactUrl(url));
  if (port !== undefined) span.setAttribute(ATTR_SERVER_PORT, port);
}

/** The response's head has come: status by the CLIENT rules, where 4xx is an error too. */
export function recordResponse(record: ClientRecord, statusCode: number): void {
  const { span } = record;
  record.headAt = now();
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode);
  if (statusCode < 400) return;
  span.setAttribute(ATTR_ERROR_TYPE, String(statusCode));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The head of the response sends the caller somewhere else; a call that goes there is this one sent again. */
export function recordRedirect(record: ClientRecord, status: number, location: string | undefined): void {
  const { parent, resendCount, target } = record;
  expectHop({ parent, url: target.url, resendCount, status, location });
}

/** Who answered on the other end of the socket, and in which version of HTTP. */
export function recordPeer(
  span: Span,
  socket: { remoteAddress?: string | undefined; remotePort?: number | undefined },
  httpVersion: string,
): void {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress !== undefined) span.setAttribute(ATTR_NETWORK_PEER_ADDRESS, plainAddress(remoteAddress));
  if (remotePort !== undefined) span.setAttribute(ATTR_NETWORK_PEER_PORT, remotePort);
  span.setAttribute(ATTR_NETWORK_PROTOCOL_VERSION, httpVersion);
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

function describeEnd(record: ClientRecord, endTime: HrTime): void {
  const { span, error } = record;
  if (!record.isTimedOut && (record.isCancelled || isCancelled(error))) {
    span.setAttribute('longpole.cancelled', true);
  } else if (error !== undefined) {
    span.setAttribute(ATTR_ERROR_TYPE, record.isTimedOut ? 'timeout' : connectionErrorType(error));
    recordException(span, error, endTime);
    span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  }
}
