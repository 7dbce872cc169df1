// Starts the SERVER span of an incoming request at its head and makes it active.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api';
import { type RPCMetadata, setRPCMetadata, suppressTracing } from '@opentelemetry/core';
import { OwnDraft } from '../recording/own-draft.ts';
import { hrTimeSince, type Moment, now } from '../shared/clock.ts';
import { reportFault } from '../shared/guard.ts';
import { LEAN_ROOT } from '../shared/lean-context.ts';
import { type Caller, readCaller } from '../trust/read-caller.ts';
import { watchCaller } from '../trust/watch-callers.ts';
import { isPassedOn, passOn } from './context-keys.ts';
import { methodInName } from './methods.ts';
import { emitInOwnContext, enterContextOf, enterRequestContext } from './request-context.ts';
import { requestAttributes } from './server-attributes.ts';
import { RequestRecord, requestRecordOf, type ServerRecord } from './server-record.ts';

/**
 * Starts the span, as the child of what the request's headers carry when the caller is trusted, as the root of a new trace
 * with a link to it when not, and makes it active for everything that follows.
 * A span that cannot be started (a sampler or processor that throws) leaves the request in its caller's context.
 */
export function startServerSpan(
  tracer: Tracer,
  request: IncomingMessage,
  response: ServerResponse,
): RequestRecord {
  const start = now();
  const caller = readCaller(request);
  watchCaller(request, caller);
  const record = new RequestRecord(caller.context);
  record.trustedBy = caller.trustedBy;
  record.tracer = tracer;
  record.start = start;
  beginSpan(record as ServerRecord, request, caller);
  enterRequestContext(request, response, record, caller.headers);
  return record;
}

/** Starts the record's span, if it can be started, and has the record's context be of it. */
function beginSpan(record: ServerRecord, request: IncomingMessage, caller: Caller): void {
  const span = startSpan(record.tracer, request, record.start, caller);
  (record as RequestRecord).span = span;
  if (span !== undefined) record.context = contextOf(caller, record);
}

function contextOf({ context }: Caller, record: ServerRecord): Context {
  return trace.setSpan(setRPCMetadata(context, record as RPCMetadata), record.span);
}

/**
 * Has the request begin once more with what its application says of its caller. Where the caller is not trusted after
 * all, the span in its trace ends here, and another, the root of a new trace, takes its place and its beginning.
 *
 * @returns the context to go on in
 */
export function beginAgain(caller: Caller, request: IncomingMessage, response: ServerResponse): Context {
  const known = requestRecordOf(request);
  const record = again(caller, request, known ?? new RequestRecord(LEAN_ROOT));
  record.trustedBy = caller.trustedBy;
  enterContextOf(request, response, record);
  if (known === undefined) emitInOwnContext(request, response);
  return record.context;
}

function again(caller: Caller, request: IncomingMessage, record: RequestRecord): RequestRecord {
  if (record.span === undefined || record.ended) {
    const isIgnored = isPassedOn(record.context);
    record.context = isIgnored ? passOn(suppressTracing(caller.context), request) : caller.context;
    return record;
  }
  if (caller.trustedBy === undefined) return inItsPlace(record as ServerRecord, request, caller);
  record.context = contextOf(caller, record as ServerRecord);
  return record;
}

/** A record of its own, because whatever has begun in the trace of the caller goes on in it. */
function inItsPlace(before: ServerRecord, request: IncomingMessage, caller: Caller): RequestRecord {
  const record = Object.assign(new RequestRecord(caller.context), before, { context: caller.context });
  beginSpan(record as ServerRecord, request, caller);
  before.span.end(hrTimeSince(before.start));
  return record;
}

/** Makes what the headers carry active without a span, so that calls made by an ignored request still hand it on. */
export function passRequestOn(request: IncomingMessage, response: ServerResponse): void {
  const caller = readCaller(request);
  const record = new RequestRecord(passOn(suppressTracing(caller.context), request));
  record.trustedBy = caller.trustedBy;
  enterRequestContext(request, response, record, caller.headers);
}

function startSpan(
  tracer: Tracer,
  request: IncomingMessage,
  start: Moment,
  { headers, context, links }: Caller,
): Span | undefined {
  const name = methodInName(request.method ?? 'GET');
  try {
    const draft = new OwnDraft(name, SpanKind.SERVER, start, links, requestAttributes, { request, headers });
    return draft.start(tracer, context);
  } catch (fault) {
    reportFault('starting a SERVER span', fault);
    return undefined;
  }
}
