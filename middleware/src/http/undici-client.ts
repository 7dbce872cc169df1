// Follows one request of undici, which is also what global fetch sends, by undici's own channels.

import { type Tracer, trace } from '@opentelemetry/api';
import { isTracingSuppressed, unsuppressTracing } from '@opentelemetry/core';
import { activeContext } from '../shared/active-context.ts';
import { leanOf } from '../shared/lean-context.ts';
import {
  ClientRecord,
  endClientSpan,
  recordPeer,
  recordRedirect,
  recordResponse,
  type Target,
} from './client-record.ts';
import { isPassedOn } from './context-keys.ts';
import { withoutBrackets } from './hosts.ts';
import { defaultPort, portOf } from './node-target.ts';
import { isRedirect } from './redirects.ts';
import { traceparentOfListener } from './traced-already.ts';
import { setUndiciHeader, type UndiciRequest, undiciInjector } from './undici-headers.ts';

const RECORD = Symbol('record');

/** A property, because a WeakMap with an entry for each request is a burden for the garbage collector. */
type Recorded = UndiciRequest & { [RECORD]?: ClientRecord };

/** Starts the span and puts the context on the request. Of a WebSocket's handshake no channel tells the end. */
export function onUndiciCreate(tracer: Tracer, request: UndiciRequest): void {
  const active = activeContext();
  if (request.method === 'CONNECT') return;
  if (isTracingSuppressed(active)) {
    if (isPassedOn(active))
      undiciInjector.inject(unsuppressTracing(active), request, undiciTargetOf(request));
    return;
  }
  if (isUpgrade(request)) {
    undiciInjector.inject(active, request, undiciTargetOf(request));
    return;
  }
  const foreign = traceparentOfListener(request, active);
  if (foreign !== undefined) {
    // Beside a copy of the incoming header it would be the second one, and the callee would take neither.
    setUndiciHeader(request, 'traceparent', foreign);
    undiciInjector.holdBack(request, undiciTargetOf(request));
    return;
  }
  const { method } = request;
  const record = new ClientRecord(tracer, { method, request, targetOf: undiciTargetOf }, active);
  const { span } = record;
  if (span.isRecording()) (request as Recorded)[RECORD] = record;
  undiciInjector.inject(trace.setSpan(leanOf(active), span), request, record.target);
}

/** The head is written to a socket; only undici's HTTP/1.1 client tells this. */
export function onUndiciSendHeaders(
  request: UndiciRequest,
  socket: { remoteAddress?: string; remotePort?: number },
): void {
  const record = recordOf(request);
  if (record !== undefined) recordPeer(record.span, socket, '1.1');
}

/** The head of a response; an interim one (1xx) is none, and undici tells of it on the same channel. */
export function onUndiciHeaders(
  request: UndiciRequest,
  { statusCode, headers }: { statusCode: number; headers?: readonly Uint8Array[] },
): void {
  const record = recordOf(request);
  if (record === undefined || statusCode < 200) return;
  if (isRedirect(statusCode)) recordRedirect(record, statusCode, locationIn(headers));
  recordResponse(record, statusCode);
}

/** Names and values in turn. */
function locationIn(headers: readonly Uint8Array[] = []): string | undefined {
  const fields = headers.map((each) => Buffer.from(each).toString('latin1'));
  const name = fields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === 'location');
  return name < 0 ? undefined : fields[name + 1];
}

/** The body has been read to its end. */
export function onUndiciTrailers(request: UndiciRequest): void {
  const record = recordOf(request);
  if (record !== undefined) endClientSpan(record);
}

export function onUndiciError(request: UndiciRequest, error: unknown): void {
  const record = recordOf(request);
  if (record === undefined) return;
  record.error = error;
  endClientSpan(record);
}

function recordOf(request: Recorded): ClientRecord | undefined {
  return request[RECORD];
}

function isUpgrade({ upgrade }: UndiciRequest): boolean {
  return upgrade !== undefined && upgrade !== null && upgrade !== false;
}

/** Where it goes, from what undici keeps of its URL. */
export function undiciTargetOf({ method, origin, path }: UndiciRequest): Target {
  const url = URL.parse(String(origin));
  const base = url?.origin ?? String(origin);
  return {
    method,
    url: base + path,
    address: withoutBrackets(url?.hostname ?? base),
    port: url === null ? defaultPort('http:') : portOf(url),
    isLocal: false,
  };
}
