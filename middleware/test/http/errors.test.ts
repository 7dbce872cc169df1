// Names of errors, and that nothing that can be thrown makes recording it throw.

import { describe, expect, it } from '@jest/globals';
import type { Attributes, Span } from '@opentelemetry/api';
import fc from 'fast-check';
import {
  connectionErrorType,
  errorMessage,
  exceptionType,
  isCancelled,
  recordException,
} from '../../src/http/errors.ts';

class OutOfStock extends Error {}

const named = (name: string, more: object = {}): Error => Object.assign(new Error('x'), { name, ...more });
const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

function circle(): Error {
  const first: Error = named('AbortError');
  first.cause = named('AbortError', { cause: first });
  return first;
}

/** An object that throws at whatever is done with it. */
const trap = new Proxy(
  {},
  Object.fromEntries(
    ['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'].map((name) => [
      name,
      () => {
        throw new Error(`no ${name}`);
      },
    ]),
  ),
);

function recorded(error: unknown): Attributes {
  const events: Attributes[] = [];
  const span = { addEvent: (_name: string, attributes: Attributes) => events.push(attributes) };
  recordException(span as unknown as Span, error, [1, 0]);
  return events[0] ?? {};
}

describe('exceptionType()', () => {
  it.each([
    [new TypeError('x'), 'TypeError'],
    [new OutOfStock('x'), 'OutOfStock'],
    [named('NotFoundError'), 'NotFoundError'],
    [named(''), 'Error'],
    [new DOMException('x', 'AbortError'), 'AbortError'],
    ['text', 'string'],
    [42, 'number'],
    [null, 'object'],
    [undefined, 'undefined'],
    [Symbol('x'), 'symbol'],
    [{ message: 'x' }, 'Error'],
    [Object.create(null), 'Error'],
  ])('names %p', (error, expected) => {
    expect(exceptionType(error)).toBe(expected);
  });
});

describe('connectionErrorType()', () => {
  it.each([
    [coded('ECONNREFUSED'), 'ECONNREFUSED'],
    [coded('UND_ERR_SOCKET'), 'UND_ERR_SOCKET'],
    [new TypeError('fetch failed', { cause: coded('ENOTFOUND') }), 'ENOTFOUND'],
    [coded('ETIMEDOUT'), 'timeout'],
    [coded('UND_ERR_HEADERS_TIMEOUT'), 'timeout'],
    [coded('ECONNABORTED', 'timeout of 30ms exceeded'), 'timeout'],
    [coded('ECONNABORTED', 'Request aborted'), 'ECONNABORTED'],
    [new DOMException('x', 'TimeoutError'), 'timeout'],
    [named('AbortError', { cause: new DOMException('x', 'TimeoutError') }), 'timeout'],
    [named('AbortError'), 'AbortError'],
    [circle(), 'AbortError'],
    ['text', 'string'],
  ])('names %p', (error, expected) => {
    expect(connectionErrorType(error)).toBe(expected);
  });
});

describe('isCancelled()', () => {
  it.each([
    [named('AbortError'), true],
    [new DOMException('x', 'AbortError'), true],
    [named('CanceledError', { code: 'ERR_CANCELED' }), true],
    [named('AbortError', { cause: new DOMException('x', 'TimeoutError') }), false],
    [new DOMException('x', 'TimeoutError'), false],
    [coded('ECONNRESET'), false],
    [circle(), true],
    ['AbortError', false],
    [null, false],
  ])('of %p is %s', (error, expected) => {
    expect(isCancelled(error)).toBe(expected);
  });
});

describe('recordException()', () => {
  it('tells class, message and stack', () => {
    const error = new OutOfStock('sold out');
    expect(recorded(error)).toEqual({
      'exception.type': 'OutOfStock',
      'exception.message': 'sold out',
      'exception.stacktrace': error.stack,
    });
  });

  it.each([
    ['text', { 'exception.type': 'string', 'exception.message': 'text' }],
    [undefined, { 'exception.type': 'undefined', 'exception.message': 'undefined' }],
    [{ a: 1 }, { 'exception.type': 'Error', 'exception.message': '[object Object]' }],
    [Object.create(null), { 'exception.type': 'Error', 'exception.message': 'Error' }],
  ])('tells what there is of %p', (error, expected) => {
    expect(recorded(error)).toEqual(expected);
  });

  it('tells what there is of an object that throws at whatever is done with it', () => {
    expect(recorded(trap)).toEqual({ 'exception.type': 'Error', 'exception.message': 'Error' });
    expect([exceptionType(trap), connectionErrorType(trap), isCancelled(trap)]).toEqual([
      'Error',
      'Error',
      false,
    ]);
  });

  it('never throws, whatever is thrown and whatever the span does', () => {
    const angry = {
      addEvent: () => {
        throw new Error('no more events');
      },
    } as unknown as Span;
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (error) => {
        expect(typeof exceptionType(error)).toBe('string');
        expect(typeof errorMessage(error)).toBe('string');
        expect(typeof connectionErrorType(error)).toBe('string');
        expect(typeof isCancelled(error)).toBe('boolean');
        recordException(angry, error, [1, 0]);
      }),
    );
  });
});
