// Makes a context the one in which everything that an incoming request sets off runs.

import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type Context, context } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { activeContext } from '../shared/active-context.ts';
import { reportFault } from '../shared/guard.ts';
import { passedOnRequest } from './context-keys.ts';
import { type RequestRecord, rememberRecord, requestRecordOf } from './server-record.ts';

/**
 * Makes the record's context active from here on, for the code that is called next and all that it awaits, and has both
 * messages emit their events in it, which may come from elsewhere: see `watchSocket`, `reenterContext` and `hasBody`.
 */
export function enterRequestContext(
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
  headers: IncomingHttpHeaders,
): void {
  enterContextOf(request, response, record);
  const isEntered = activeContext() === record.context;
  if (!isEntered || hasBody(headers)) emitOwnEvents(request);
  if (!isEntered) emitOwnEvents(response);
}

/** The same for a request that is in a context already, and whose events are seen to. */
export function enterContextOf(
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
): void {
  context.attach(record.context);
  rememberRecord(request, response, record);
}

/** Whether a body follows the head (RFC 9112, section 6.3), whose events come from the socket. */
function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
}

/** For messages whose events may come out of another request's work: each is emitted in their own context. */
export function emitInOwnContext(request: IncomingMessage, response: ServerResponse): void {
  emitOwnEvents(request);
  emitOwnEvents(response);
}

/** Brings the context of a message back for all that runs after this, unless it is there. Never throws. */
export function reenterContext(message: object): void {
  try {
    const lost = lostContextOf(message);
    if (lost !== undefined) context.attach(lost);
  } catch (fault) {
    reportFault('entering the context of a request again', fault);
  }
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
export function lostContextOf(message: object): Context | undefined {
  const requestContext = requestRecordOf(message)?.context;
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
