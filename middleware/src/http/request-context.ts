// Makes a context the one in which everything that an incoming request sets off runs.

import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { passedOnRequest } from './context-keys.ts';
import { type RequestRecord, rememberRecord, requestRecordOf } from './server-record.ts';

/**
 * Makes the record's context active from here on, for the code that is called next and all that it awaits. Events that
 * arrive later (the rest of a body, the client's leaving) come from the socket, whose context is none or an older
 * request's, so both messages emit theirs in this context.
 */
export function enterRequestContext(
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
): void {
  context.attach(record.context);
  rememberRecord(request, response, record);
  request.emit = emitInContext;
  response.emit = emitInContext;
}

/** The request's context when the active one is not it or one made from it, e.g. after a callback that lost it. */
export function lostContextOf(request: IncomingMessage): Context | undefined {
  const requestContext = requestRecordOf(request)?.context;
  return requestContext === undefined || isWithin(context.active(), requestContext)
    ? undefined
    : requestContext;
}

function emitInContext(this: EventEmitter, ...event: Parameters<EventEmitter['emit']>): boolean {
  const requestContext = requestRecordOf(this)?.context;
  return requestContext === undefined ||
    isWithin(context.active(), requestContext) ||
    isHeardByNobody(this, event[0])
    ? inherited(this).emit.apply(this, event)
    : context.with(requestContext, emitNow, undefined, this, event);
}

function emitNow(emitter: EventEmitter, event: Parameters<EventEmitter['emit']>): boolean {
  return inherited(emitter).emit.apply(emitter, event);
}

/** Node.js emits several events of every request to nobody. */
function isHeardByNobody(emitter: EventEmitter, name: string | symbol): boolean {
  return emitter.listenerCount(name) === 0 && inherited(emitter).emit === EventEmitter.prototype.emit;
}

/** What the application's own class of request or response has made of `emit` stays as it is. */
function inherited(emitter: EventEmitter): EventEmitter {
  return Object.getPrototypeOf(emitter) as EventEmitter;
}

function isWithin(active: Context, requestContext: Context): boolean {
  return (
    active === requestContext ||
    (getRPCMetadata(active)?.span === getRPCMetadata(requestContext)?.span &&
      passedOnRequest(active) === passedOnRequest(requestContext))
  );
}
