// Puts what the application asks for on a SERVER span that another instrumentation makes and ends.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, type Span } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { headerAttributes } from '../http/captured-headers.ts';
import { readAttributes } from '../http/read-attributes.ts';
import { checkRequired } from '../http/required-attributes.ts';
import type { Readers } from '../http/server-record.ts';
import { guarded } from '../shared/guard.ts';

const WATCHED: unique symbol = Symbol('watched');

type Watched = ServerResponse & { [WATCHED]?: true };

/** Reads the getters and checks the rest just before the span's owner ends it, which is when the response is closed. */
export function describeAtTheEnd(
  span: Span,
  readers: Readers | undefined,
  request: IncomingMessage,
  response: Watched,
): void {
  if (response[WATCHED] === undefined) {
    response[WATCHED] = true;
    // Prepended first, so it runs after all readers, whichever middleware they are of.
    const metadata = getRPCMetadata(context.active());
    const check = guarded('checking the attributes of a request', () => {
      span.setAttributes(headerAttributes(request, response) ?? {});
      checkRequired(span, request, response, metadata?.route);
    });
    response.prependOnceListener('close', check);
  }
  if (readers === undefined) return;
  const read = guarded('reading the attributes of a request', () => {
    readAttributes(span, readers, request, response);
  });
  response.prependOnceListener('close', read);
}
