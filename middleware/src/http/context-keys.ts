// What our listeners put into the OpenTelemetry context beside the span.

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

/** Marks a request that gets no spans although its incoming trace context is still handed on. */
export const passOn = (context: Context): Context => context.setValue(PASS_ON, true);

export const isPassedOn = (context: Context): boolean => context.getValue(PASS_ON) === true;

export const withOutgoingCall = (context: Context, call: OutgoingCall): Context =>
  context.setValue(OUTGOING, call);

export const outgoingCall = (context: Context): OutgoingCall | undefined =>
  context.getValue(OUTGOING) as OutgoingCall | undefined;
