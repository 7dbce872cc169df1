// Follows one request of node:http or node:https from its creation to its close.

import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed, unsuppressTracing } from '@opentelemetry/core';
import { activeContext } from '../shared/active-context.ts';
import { reportFault } from '../shared/guard.ts';
import { leanOf } from '../shared/lean-context.ts';
import {
  ClientRecord,
  endClientSpan,
  recordPeer,
  recordRedirect,
  recordResponse,
  recordTarget,
} from './client-record.ts';
import { isPassedOn } from './context-keys.ts';
import { nodeInjector } from './node-headers.ts';
import { destinationOf, targetOf, withPort } from './node-target.ts';
import { isRedirect } from './redirects.ts';
import { isTracedByPatch } from './traced-already.ts';

const RECORD = Symbol.for('@longpole/express/client-request');

/**
 * Every request has the property, with or without a record: where some had it and some had not, all code of Node.js that
 * handles requests would be compiled for two kinds of them, and be compiled anew when the second comes.
 */
type TracedRequest = ClientRequest & { [RECORD]?: ClientRecord | undefined };

/** Starts the span and puts the context on the request; an ignored request's calls only hand the context on. */
export function onRequestCreated(tracer: Tracer, request: ClientRequest): void {
  const active = activeContext();
  (request as TracedRequest)[RECORD] = undefined;
  if (isTracingSuppressed(active)) {
    if (isPassedOn(active)) nodeInjector.inject(unsuppressTracing(active), request, destinationOf(request));
    return;
  }
  if (isTracedByPatch(request, active)) {
    nodeInjector.holdBack(request, destinationOf(request));
    return;
  }
  const record = new ClientRecord(tracer, { method: request.method, request, targetOf }, active);
  const { span } = record;
  if (span.isRecording()) {
    (request as TracedRequest)[RECORD] = record;
    request.on('timeout', onTimeout);
    request.on('close', onClose);
  }
  nodeInjector.inject(trace.setSpan(leanOf(active), span), request, destinationOf(request));
}

/** The head of the response has come. */
export function onResponseHead(request: ClientRequest, response: IncomingMessage): void {
  const record = (request as TracedRequest)[RECORD];
  if (record === undefined) return;
  const { socket, statusCode = 0 } = response;
  const { span, target } = record;
  if (isRedirect(statusCode)) recordRedirect(record, statusCode, response.headers.location);
  if (target.port === undefined && !target.isLocal && socket.remotePort !== undefined)
    recordTarget(span, withPort(target, socket.remotePort));
  recordPeer(span, socket, response.httpVersion);
  recordResponse(record, statusCode);
}

/** The request failed: refused, reset, timed out or aborted. */
export function onRequestError(request: ClientRequest, error: unknown): void {
  const record = (request as TracedRequest)[RECORD];
  if (record === undefined) return;
  record.error ??= error;
  record.isCancelled ||= isOwnHangUp(request, error);
}

/** A `destroy()` without a reason shows as a hang-up, but with the request destroyed before its socket has ended. */
function isOwnHangUp(request: ClientRequest, error: unknown): boolean {
  const isHangUp = error instanceof Error && error.message === 'socket hang up';
  return isHangUp && request.destroyed && request.socket?.readableEnded !== true;
}

function onTimeout(this: ClientRequest): void {
  const record = (this as TracedRequest)[RECORD];
  if (record !== undefined) record.isTimedOut = true;
}

function onClose(this: TracedRequest): void {
  try {
    endWith(this);
  } catch (fault) {
    reportFault('ending a CLIENT span', fault);
  }
}

function endWith(request: TracedRequest): void {
  const record = request[RECORD];
  if (record === undefined) return;
  const { res: response } = request as { res?: ClientResponse };
  if (response?.upgrade === true) {
    onResponseHead(request, response);
  } else if (response?.complete === false) {
    cutShort(record, request, response);
  }
  endClientSpan(record, isUnread(response) ? record.headAt : undefined);
  // Whoever holds on to the request need not hold on to its trace.
  request[RECORD] = undefined;
}

/** What node:http's own fields tell of a response. */
interface ClientResponse extends IncomingMessage {
  readonly upgrade?: boolean | null;
  /** Node.js has thrown the body away. */
  readonly _dumped?: boolean;
}

/**
 * The whole response is there and the application never took it: when its connection is cleaned up says nothing
 * about the call, so the span ends with the head (HTTP semantic conventions, "HTTP client span duration").
 */
function isUnread(response: ClientResponse | undefined): boolean {
  return response?.complete === true && (!response.readableEnded || response._dumped === true);
}

/** The response's body was not read to its end: the server has hung up, or the caller wanted no more of it. */
function cutShort(record: ClientRecord, request: ClientRequest, response: IncomingMessage): void {
  const isServersDoing = request.socket?.readableEnded === true;
  if (record.error === undefined && !isServersDoing) record.isCancelled = true;
  record.error ??= response.errored ?? new IncompleteResponse();
}

/** The connection closed in the middle of the response's body. */
class IncompleteResponse extends Error {
  override readonly name = 'IncompleteResponse';
  readonly code = 'ECONNRESET';
  constructor() {
    super('the connection was closed before the response was complete');
  }
}
