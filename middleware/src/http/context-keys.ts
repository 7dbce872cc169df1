// What our listeners put into the OpenTelemetry context beside the span.

import type { IncomingMessage } from 'node:http';
import { type Context, createContextKey } from '@opentelemetry/api';

const PASS_ON = createContextKey('longpole.pass_on');
const OUTGOING = createContextKey('longpole.outgoing');

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
