// What the matchers say to something they cannot take, also with .not: a test must not pass by mistake.

import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { LongpoleError } from '../../src/shared/errors.ts';
import { expectTrace, matchers } from '../../src/testing.ts';
import { checkout } from './support/checkout.ts';

/** The matchers with any arguments, as JavaScript can call them. */
type Loose = Record<keyof typeof matchers, (...args: readonly unknown[]) => unknown>;
const loose = (trace: unknown) => expectTrace(trace) as unknown as Loose & { readonly not: Loose };

function errorOf(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof LongpoleError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('it did not throw');
}

describe('what is not a trace', () => {
  const given: [string, unknown, RegExp][] = [
    [
      'a promise that was not awaited',
      Promise.resolve(checkout),
      /received a promise\. Await it: expect\(await traces\.of/,
    ],
    ['a request of supertest', supertest('http://127.0.0.1').get('/'), /received a promise/],
    ['a response', new Response(''), /received a response\. Ask for its trace/],
    [
      'what captureTraces() returns',
      { of: () => {}, all: () => [] },
      /received what captureTraces\(\) returns/,
    ],
    ['several traces', [checkout, checkout], /received 2 traces/],
    ['an array', [1], /received an array/],
    ['a span', checkout.spans[0], /received a span/],
    ['undefined', undefined, /received undefined\. A trace is what/],
    ['null', null, /received null/],
    ['a trace id', checkout.traceId, /received "4bf92f35/],
    ['an object', { spans: [] }, /received \{ spans \}/],
  ];

  it.each(given)('%s: is named, with the cure', (_what, value, says) => {
    const { code, message } = errorOf(() => loose(value).toHaveSpan('GET /'));
    expect(code).toBe('ERR_LONGPOLE_NOT_A_TRACE');
    expect(message).toMatch(says);
  });

  it.each(Object.keys(matchers).filter((name) => name !== 'toMatchTraceSnapshot'))(
    '%s refuses it, with .not too',
    (name) => {
      for (const side of [loose({}), loose({}).not]) {
        expect(errorOf(() => side[name as keyof Loose]('x', {})).code).toBe('ERR_LONGPOLE_NOT_A_TRACE');
      }
    },
  );
});

describe('wrong arguments', () => {
  const calls: [string, (side: Loose) => unknown, string, RegExp][] = [
    [
      'a misspelt option',
      (s) => s.toHaveSpan('POST /charges', { sevrice: 'x' }),
      'UNKNOWN_OPTION',
      /`sevrice`\. Did you mean `service`\?/,
    ],
    [
      'a kind in small letters',
      (s) => s.toHaveSpan('x', { kind: 'server' }),
      'INVALID_OPTION',
      /"server" for `kind`: expected one of 'INTERNAL'/,
    ],
    [
      'a status that is none',
      (s) => s.toHaveSpan('x', { status: 99 }),
      'INVALID_OPTION',
      /99 for `status`: expected 'UNSET'/,
    ],
    [
      'attributes in an array',
      (s) => s.toHaveSpan('x', { attributes: ['user.id'] }),
      'INVALID_OPTION',
      /expected an object such as/,
    ],
    [
      'an object as attribute',
      (s) => s.toHaveSpan('x', { attributes: { a: { b: 1 } } }),
      'INVALID_OPTION',
      /`a` can only be a string/,
    ],
    ['zero times', (s) => s.toHaveSpan('x', { times: 0 }), 'INVALID_OPTION', /1 or more/],
    ['no name', (s) => s.toHaveSpan(), 'MATCHER_ARGUMENT', /undefined: expected the name of a span/],
    ['an empty name', (s) => s.toHaveSpan(''), 'MATCHER_ARGUMENT', /not empty/],
    [
      'one service',
      (s) => s.toHaveServices('payment'),
      'MATCHER_ARGUMENT',
      /"payment": expected an array of names/,
    ],
    ['no attributes', (s) => s.toHaveAttributes({}), 'MATCHER_ARGUMENT', /at least one attribute/],
    [
      'attributes that are a list',
      (s) => s.toHaveAttributes('x', ['y']),
      'MATCHER_ARGUMENT',
      /\["y"\]: expected an object/,
    ],
    [
      'a name without attributes',
      (s) => s.toHaveAttributes('POST /charges'),
      'MATCHER_ARGUMENT',
      /expected an object/,
    ],
    [
      'an option of no errors',
      (s) => s.toHaveNoErrors({ exept: [] }),
      'UNKNOWN_OPTION',
      /Did you mean `except`\?/,
    ],
    ['an exception that is no list', (s) => s.toHaveNoErrors({ except: 'x' }), 'INVALID_OPTION', /an array/],
    ['an empty error', (s) => s.toHaveError(''), 'MATCHER_ARGUMENT', /not empty/],
    [
      'an error class',
      (s) => s.toHaveError(TypeError),
      'INVALID_OPTION',
      /takes an options object, but received a function/,
    ],
    [
      'a misspelt property of an error',
      (s) => s.toHaveError({ mesage: 'x' }),
      'UNKNOWN_OPTION',
      /`message`\?/,
    ],
    ['one call in order', (s) => s.toHaveCalledInOrder(['auth']), 'MATCHER_ARGUMENT', /two or more calls/],
    [
      'calls that are no list',
      (s) => s.toHaveCalledInParallel('auth', 'payment'),
      'MATCHER_ARGUMENT',
      /two or more calls/,
    ],
    ['no budget', (s) => s.toStayWithinBudget(), 'MATCHER_ARGUMENT', /a limit at least/],
    ['an empty budget', (s) => s.toStayWithinBudget({}), 'MATCHER_ARGUMENT', /a limit at least/],
    ['a misspelt limit', (s) => s.toStayWithinBudget({ span: 3 }), 'UNKNOWN_OPTION', /`spans`\?/],
    [
      'a limit below 0',
      (s) => s.toStayWithinBudget({ calls: { auth: -1 } }),
      'INVALID_OPTION',
      /a whole number/,
    ],
    [
      'a misspelt call',
      (s) => s.toStayWithinBudget({ calls: { 'POST inventroy': 1 } }),
      'MATCHER_ARGUMENT',
      /Did you mean 'POST inventory'\?/,
    ],
    ['no bottleneck', (s) => s.toHaveBottleneck(), 'MATCHER_ARGUMENT', /the name of a service or span/],
    [
      'a share in percent',
      (s) => s.toHaveBottleneck('payment', { share: 80 }),
      'INVALID_OPTION',
      /80 for `share`: expected a share from 0 to 1/,
    ],
    [
      'a misspelt finding',
      (s) => s.toHaveNoFindings({ except: ['n-plus-on'] }),
      'INVALID_OPTION',
      /Did you mean 'n-plus-one'\?/,
    ],
  ];

  it.each(calls)('%s', (_what, act, code, says) => {
    for (const side of [loose(checkout), loose(checkout).not]) {
      const error = errorOf(() => act(side));
      expect(error.code).toBe(`ERR_LONGPOLE_${code}`);
      expect(error.message).toMatch(says);
      expect(error.message).not.toMatch(/\?\./);
    }
  });

  it('gives a call that was made under no near name a budget', () => {
    expectTrace(checkout).toStayWithinBudget({
      calls: { recommendations: 1, 'GET inventory': 1, 'POST authors': 0, 'POST inventory': 1 },
    });
  });
});
