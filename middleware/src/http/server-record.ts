// What is remembered of one incoming request between its first and its last event.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttributeValue, Context, Span, Tracer } from '@opentelemetry/api';
import { RPCType } from '@opentelemetry/core';
import type { Moment } from '../shared/clock.ts';
import { sharedState } from '../shared/state.ts';
import type { Boundary } from '../trust/boundary.ts';

/** Reads one attribute when the response has ended. */
export type AttributeReader = (
  request: IncomingMessage,
  response: ServerResponse,
) => AttributeValue | undefined;

/** The getters of one `tracing()`. */
export type Readers = readonly { readonly name: string; readonly read: AttributeReader }[];

/**
 * One object for each request, on the request and on its response. It holds neither of them: whatever the request has set
 * off may keep its context for long, and the record is in the context, as the RPC metadata of OpenTelemetry's own.
 */
export class RequestRecord {
  readonly type: RPCType.HTTP = RPCType.HTTP;
  /** What everything runs in that the request sets off. */
  context: Context;
  /** `undefined` for a request that is ignored, or whose span could not be started. */
  span: Span | undefined = undefined;
  tracer: Tracer | undefined = undefined;
  start: Moment | undefined = undefined;
  /** What the caller was trusted by; `undefined` where it was not. */
  trustedBy: Boundary | undefined = undefined;
  /** `http.route`: the template of the last route whose handler ran. */
  route: string | undefined = undefined;
  /** What the listener to the web framework remembers of the way that the request has gone. */
  trail: object | undefined = undefined;
  /** `error.type` of the first error that left a handler. */
  errorType: string | undefined = undefined;
  /** Message of that error, for the status of a failed request. */
  errorMessage: string | undefined = undefined;
  /** Attributes to read at the end, by `tracing({ attributes })`. */
  readers: Readers[] | undefined = undefined;
  ended = false;
  /** Whether an application has got the request, as far as it is told. */
  hasApplication = false;

  constructor(context: Context) {
    this.context = context;
  }
}

/** The record of a request with a SERVER span of ours. */
export interface ServerRecord extends RequestRecord {
  readonly span: Span;
  readonly tracer: Tracer;
  readonly start: Moment;
}

const RECORD = Symbol.for('@longpole/express/request');

type Traced = { [RECORD]?: RequestRecord };

/** The record of a request or response that our listener has seen. */
export function requestRecordOf(message: object): RequestRecord | undefined {
  const { latest } = sharedState();
  return latest !== undefined && (message === latest.request || message === latest.response)
    ? latest.record
    : (message as Traced)[RECORD];
}

/** The same where our listener has made a span for it. */
export function recordOf(message: object): ServerRecord | undefined {
  return withSpan(requestRecordOf(message));
}

/** The record, where it has a span. */
export function withSpan(record: RequestRecord | undefined): ServerRecord | undefined {
  return record?.span === undefined ? undefined : (record as ServerRecord);
}

export function rememberRecord(
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
): void {
  (request as Traced)[RECORD] = record;
  (response as Traced)[RECORD] = record;
  sharedState().latest = { request, response, record };
}

/** The request has ended; nobody need hold on to it. */
export function letGoOf(record: RequestRecord): void {
  const state = sharedState();
  if (state.latest?.record === record) state.latest = undefined;
}
