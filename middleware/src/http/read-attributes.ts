// Reads the application's own attributes of a request, each one guarded.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attributes } from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';
import type { AttributeReader } from './server-record.ts';

/** The values of all readers; one that throws or returns `undefined` adds nothing. */
export function readAttributes(
  readerSets: readonly Record<string, AttributeReader>[],
  request: IncomingMessage,
  response: ServerResponse,
): Attributes {
  const attributes: Attributes = {};
  for (const readers of readerSets) {
    for (const [name, reader] of Object.entries(readers)) {
      try {
        const value = reader(request, response);
        if (value !== undefined) attributes[name] = value;
      } catch (error) {
        reportFault(`reading attribute ${name}`, error);
      }
    }
  }
  return attributes;
}
