// Makes a context the one in which everything that an incoming request sets off runs.

import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { activeContext } from '../shared/active-context.ts';
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
  emitOwnEvents(request);
  emitOwnEvents(response);
}

/**
 * To be called when an application has got the request: an `emit` that it has given its requests stays as it is. Express
 * makes them its own by their prototypes, of which it is dear to ask with every event.
 */
export function keepOwnEmit(record: RequestRecord, request: IncomingMessage, response: ServerResponse): void {
  if (record.hasApplication) return;
  record.hasApplication = true;
  keepEmitOf(request);
  keepEmitOf(response);
}

function keepEmitOf(message: EventEmitter): void {
  if (message.emit === emitInContext && inherited(message).emit !== EventEmitter.prototype.emit)
    message.emit = emitOfItsClass;
}

/** The request's context when the active one is not it or one made from it, e.g. after a callback that lost it. */
export function lostContextOf(request: IncomingMessage): Context | undefined {
  const requestContext = requestRecordOf(request)?.context;
  return requestContext === undefined || isWithin(activeContext(), requestContext)
    ? undefined
    : requestContext;
}

type Name = string | symbol;

/** Known without a look at the message, whose many shapes V8 searches anew each time. */
const { listenerCount } = EventEmitter.prototype;

function emitOwnEvents(message: EventEmitter): void {
  const { emit } = message;
  if (emit === EventEmitter.prototype.emit) message.emit = emitInContext;
  else if (emit !== emitInContext) message.emit = emitOfItsClass;
}

function emitInContext(this: EventEmitter, name: Name, ...values: unknown[]): boolean {
  const requestContext = requestRecordOf(this)?.context;
  // Node.js emits several events of every request to nobody.
  if (
    requestContext === undefined ||
    activeContext() === requestContext ||
    listenerCount.call(this, name) === 0
  )
    return emitWith(EventEmitter.prototype.emit, this, name, values);
  return emitWithin(requestContext, EventEmitter.prototype.emit, this, name, values);
}

/** What the application's own class of request or response has made of `emit` stays as it is. */
function emitOfItsClass(this: EventEmitter, name: Name, ...values: unknown[]): boolean {
  const { emit } = inherited(this);
  const requestContext = requestRecordOf(this)?.context;
  return requestContext === undefined
    ? emitWith(emit, this, name, values)
    : emitWithin(requestContext, emit, this, name, values);
}

type Emit = EventEmitter['emit'];

function emitWithin(
  requestContext: Context,
  emit: Emit,
  emitter: EventEmitter,
  name: Name,
  values: unknown[],
): boolean {
  return isWithin(activeContext(), requestContext)
    ? emitWith(emit, emitter, name, values)
    : context.with(requestContext, emitWith, undefined, emit, emitter, name, values);
}

/** Most events have one value or none, and a call with a list of values is dear. */
function emitWith(emit: Emit, emitter: EventEmitter, name: Name, values: unknown[]): boolean {
  if (values.length === 0) return emit.call(emitter, name);
  return values.length === 1 ? emit.call(emitter, name, values[0]) : emit.call(emitter, name, ...values);
}

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
