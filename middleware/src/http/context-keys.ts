// What our listeners put into the OpenTelemetry context beside the span.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Context, createContextKey } from '@opentelemetry/api';

const PASS_ON = createContextKey('longpole.pass_on');
const OUTGOING = createContextKey('longpole.outgoing');
const UNTRUSTED = createContextKey('longpole.untrusted');

/** What `createClient` knows of a call and the channels do not tell. */
export interface OutgoingCall {
  /** `service.peer.name` of the CLIENT span. */
  readonly peerService?: string;
  /** `http.request.resend_count` of the CLIENT span, from the second try on. */
  readonly resendCount?: number;
}

/** Marks the context of a request that gets no spans although its incoming trace context is still handed on. */
export const passOn = (context: Context, request: IncomingMessage): Context =>
  context.setValue(PASS_ON, request);

export const passedOnRequest = (context: Context): unknown => context.getValue(PASS_ON);

export const isPassedOn = (context: Context): boolean => passedOnRequest(context) !== undefined;

export const withOutgoingCall = (context: Context, call: OutgoingCall): Context =>
  context.setValue(OUTGOING, call);

export const outgoingCall = (context: Context): OutgoingCall | undefined =>
  context.getValue(OUTGOING) as OutgoingCall | undefined;

/** Remembers the headers of a caller that is not trusted, so that they are not passed on by whoever copies headers. */
export const withUntrustedHeaders = (context: Context, headers: IncomingHttpHeaders): Context =>
  context.setValue(UNTRUSTED, headers);

export const untrustedHeaders = (context: Context): IncomingHttpHeaders | undefined =>
  context.getValue(UNTRUSTED) as IncomingHttpHeaders | undefined;
