// Follows one request of undici, which is also what global fetch sends, by undici's own channels.

import { type Attributes, context, type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import {
  type ClientRecord,
  endClientSpan,
  peerAttributes,
  recordResponse,
  startClientSpan,
  type Target,
} from './client-record.ts';
import { isPassedOn } from './context-keys.ts';
import { injectIntoUndiciRequest, type UndiciRequest } from './inject-headers.ts';

const records = new WeakMap<UndiciRequest, ClientRecord>();

export function onUndiciCreate(tracer: Tracer, request: UndiciRequest): void {
  const active = context.active();
  if (request.method === 'CONNECT') return;
  if (isTracingSuppressed(active)) {
    if (isPassedOn(active)) injectIntoUndiciRequest(active, request);
    return;
  }
  const record = startClientSpan(tracer, targetOf(request), active);
  records.set(request, record);
  injectIntoUndiciRequest(trace.setSpan(active, record.span), request);
}

export function onUndiciSendHeaders(
  request: UndiciRequest,
  socket: { remoteAddress?: string; remotePort?: number },
): void {
  records.get(request)?.span.setAttributes(peerAttributes(socket));
}

export function onUndiciHeaders(request: UndiciRequest, statusCode: number): void {
  const record = records.get(request);
  const nothing: Attributes = {};
  if (record !== undefined) recordResponse(record, statusCode, nothing);
}

/** The body has been read to its end. */
export function onUndiciTrailers(request: UndiciRequest): void {
  const record = records.get(request);
  if (record !== undefined) endClientSpan(record);
}

export function onUndiciError(request: UndiciRequest, error: unknown): void {
  const record = records.get(request);
  if (record === undefined) return;
  record.error = error;
  endClientSpan(record);
}

function targetOf(request: UndiciRequest): Target {
  const origin = URL.parse(String(request.origin));
  const isHttps = origin?.protocol === 'https:';
  return {
    method: request.method,
    url: `${origin?.origin ?? String(request.origin)}${request.path}`,
    address: (origin?.hostname ?? String(request.origin)).replace(/^\[|\]$/g, ''),
    port: origin === null || origin.port === '' ? (isHttps ? 443 : 80) : Number(origin.port),
  };
}
