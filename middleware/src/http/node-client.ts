// Follows one request of node:http or node:https from its creation to its close.

import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import { context, type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { ATTR_NETWORK_PROTOCOL_VERSION } from '@opentelemetry/semantic-conventions';
import { reportFault } from '../shared/guard.ts';
import {
  type ClientRecord,
  endClientSpan,
  peerAttributes,
  recordResponse,
  startClientSpan,
  type Target,
} from './client-record.ts';
import { isPassedOn } from './context-keys.ts';
import { splitHost } from './hosts.ts';
import { injectIntoNodeRequest } from './inject-headers.ts';

const RECORD = Symbol.for('@longpole/express/client-request');

type TracedRequest = ClientRequest & { [RECORD]?: ClientRecord };

/** Whether somebody's monkey patch already makes spans of outgoing calls (shimmer marks what it wraps). */
export function isRequestPatched(): boolean {
  return (http.request as { __wrapped?: boolean }).__wrapped === true;
}

/** Starts the span and puts the context on the request; an ignored request's calls only hand the context on. */
export function onRequestCreated(tracer: Tracer, request: ClientRequest): void {
  const active = context.active();
  if (isTracingSuppressed(active)) {
    if (isPassedOn(active)) injectIntoNodeRequest(active, request);
    return;
  }
  if (isRequestPatched()) return;
  const record = startClientSpan(tracer, targetOf(request), active);
  (request as TracedRequest)[RECORD] = record;
  request.on('close', onClose);
  injectIntoNodeRequest(trace.setSpan(active, record.span), request);
}

/** The head of the response has come. */
export function onResponseHead(request: ClientRequest, response: IncomingMessage): void {
  const record = (request as TracedRequest)[RECORD];
  if (record === undefined) return;
  recordResponse(record, response.statusCode ?? 0, {
    ...peerAttributes(response.socket),
    [ATTR_NETWORK_PROTOCOL_VERSION]: response.httpVersion,
  });
}

/** The request failed: refused, reset, timed out or aborted. */
export function onRequestError(request: ClientRequest, error: unknown): void {
  const record = (request as TracedRequest)[RECORD];
  if (record !== undefined) record.error ??= error;
}

function onClose(this: ClientRequest): void {
  try {
    const record = (this as TracedRequest)[RECORD];
    if (record === undefined) return;
    const response = (this as { res?: IncomingMessage }).res;
    if (response !== undefined && !response.complete)
      record.error ??= response.errored ?? new IncompleteResponse();
    endClientSpan(record);
  } catch (error) {
    reportFault('ending a CLIENT span', error);
  }
}

/** The connection closed in the middle of the response's body. */
class IncompleteResponse extends Error {
  override readonly name = 'IncompleteResponse';
  readonly code = 'ECONNRESET';
  constructor() {
    super('the connection was closed before the response was complete');
  }
}

function targetOf(request: ClientRequest): Target {
  const { protocol, path } = request;
  const hostHeader = request.getHeader('host');
  const { address, port } = splitHost(typeof hostHeader === 'string' ? hostHeader : request.host);
  const isSameHost = address === request.host || request.host === '';
  const knownPort = isSameHost ? (port ?? (protocol === 'https:' ? 443 : 80)) : undefined;
  const host = request.host.includes(':') ? `[${request.host}]` : request.host;
  const isDefaultPort = knownPort === undefined || knownPort === (protocol === 'https:' ? 443 : 80);
  const origin = `${protocol}//${host}${isDefaultPort ? '' : `:${knownPort}`}`;
  const isAbsolute = /^https?:\/\//i.test(path);
  return {
    method: request.method,
    url: isAbsolute ? path : origin + path,
    address: request.host,
    port: knownPort,
  };
}
