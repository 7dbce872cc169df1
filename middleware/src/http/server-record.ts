// What is remembered of one incoming request between its first and its last event.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttributeValue, Span, Tracer } from '@opentelemetry/api';
import type { Moment } from '../shared/clock.ts';

/** Reads one attribute when the response has ended. */
export type AttributeReader = (
  request: IncomingMessage,
  response: ServerResponse,
) => AttributeValue | undefined;

export interface ServerRecord {
  readonly tracer: Tracer;
  readonly span: Span;
  readonly start: Moment;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** `http.route`: the template of the last route whose handler ran. */
  route: string | undefined;
  /** `error.type` of the first error that left a handler. */
  errorType: string | undefined;
  /** Message of that error, for the status of a failed request. */
  errorMessage: string | undefined;
  /** Attributes to read at the end, by `tracing({ attributes })`. */
  readonly readers: Record<string, AttributeReader>[];
  ended: boolean;
}

const RECORD = Symbol.for('@longpole/express/request');

type Traced = { [RECORD]?: ServerRecord };

/** The record of a request or response, or `undefined` when it is not traced by our listener. */
export function recordOf(message: object): ServerRecord | undefined {
  return (message as Traced)[RECORD];
}

export function rememberRecord(record: ServerRecord): void {
  (record.request as Traced)[RECORD] = record;
  (record.response as Traced)[RECORD] = record;
}
