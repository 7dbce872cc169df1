// Reads the application's own attributes of a request, each one guarded.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AttributeValue, Span } from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';
import { sayOnce } from '../shared/say.ts';
import { isPromise, valueComplaint } from './attribute-value.ts';
import { exceptionType } from './errors.ts';
import type { AttributeReader, Readers } from './server-record.ts';

/** Listed once, because going through an object's names for each request is dear. */
export function readersOf(attributes: Readonly<Record<string, AttributeReader>>): Readers {
  return Object.entries(attributes).map(([name, read]) => ({ name, read }));
}

/**
 * Puts what the readers say on the span. One that returns `undefined` or `null` adds nothing; neither does one that throws
 * or returns what cannot be an attribute, which is counted each time and said once.
 */
export function readAttributes(
  span: Span,
  readers: Readers,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  for (let i = 0; i < readers.length; i++) {
    const { name, read } = readers[i] as Readers[number];
    try {
      const value: unknown = read(request, response);
      if (isUsable(name, value)) span.setAttribute(name, value);
    } catch (error) {
      report(name, `its getter threw (${exceptionType(error)})`, error);
    }
  }
}

function isUsable(name: string, value: unknown): value is AttributeValue {
  if (typeof value === 'string') return true;
  if (value === undefined || value === null) return false;
  if (isPromise(value)) {
    // Whatever it is rejected with must not end the process.
    value.then(undefined, () => undefined);
    report(
      name,
      'its getter returned a promise; getters are read when the response has ended and never awaited',
    );
    return false;
  }
  const complaint = valueComplaint(value);
  if (complaint !== undefined) report(name, `its getter returned ${complaint}`);
  return complaint === undefined;
}

function report(name: string, what: string, error: unknown = new TypeError(what)): void {
  reportFault(`reading attribute ${name}`, error);
  sayOnce(`longpole: attribute ${name} is left out: ${what}`);
}
