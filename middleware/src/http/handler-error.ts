// Puts an error that left a request handler on the request's SERVER span, ours or somebody else's.

import type { IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { activeContext } from '../shared/active-context.ts';
import { hrTimeSince, now, toHrTime } from '../shared/clock.ts';
import { errorMessage, exceptionType, recordException } from './errors.ts';
import { recordOf } from './server-record.ts';

const seen = new WeakMap<Span, Set<unknown>>();

/** Records the exception event and `error.type`; the first error names the type, the same error counts once. */
export function recordHandlerError(request: IncomingMessage, error: unknown): void {
  const record = recordOf(request);
  const span = record?.span ?? getRPCMetadata(activeContext())?.span;
  if (span === undefined || !span.isRecording() || !isNew(span, error)) return;
  recordException(span, error, record === undefined ? toHrTime(now()) : hrTimeSince(record.start));
  if (record === undefined) {
    span.setAttribute(ATTR_ERROR_TYPE, exceptionType(error));
    return;
  }
  record.errorType ??= exceptionType(error);
  record.errorMessage ??= errorMessage(error);
}

function isNew(span: Span, error: unknown): boolean {
  const known = seen.get(span) ?? new Set<unknown>();
  if (known.has(error)) return false;
  seen.set(span, known.add(error));
  return true;
}
