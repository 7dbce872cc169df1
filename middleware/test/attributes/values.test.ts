// What attribute getters may return, and what becomes of what they may not.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import fc from 'fast-check';
import { tracing } from '../../src/index.ts';
import { type Bench, benchOf } from './serve.ts';

let bench: Bench;
beforeAll(() => {
  bench = benchOf();
});
beforeEach(() => {
  bench.lines.length = 0;
});
afterAll(() => bench.stop());

let names = 0;

/** What becomes of an attribute whose getter does this; every attribute is of another name, as lines are said once. */
async function outcomeOf(getter: () => unknown) {
  names += 1;
  const name = `test.attribute_${names}`;
  const app = express().use(tracing({ attributes: { [name]: getter as () => string } }));
  app.get('/', (_request, response) => void response.send('ok'));
  const before = bench.tracing.stats().faults;
  const { answer, attributes } = await bench.ask(app, '/');
  expect(answer?.status).toBe(200);
  expect(attributes['http.response.status_code']).toBe(200);
  const again = await bench.ask(app, '/');
  expect(again.answer?.status).toBe(200);
  return {
    has: name in attributes,
    value: attributes[name],
    faults: bench.tracing.stats().faults - before,
    lines: bench.lines.map((line) => line.replace(name, 'NAME')),
  };
}

describe('a getter that returns', () => {
  it.each<[string, unknown]>([
    ['a string', 'a'],
    ['an empty string', ''],
    ['zero', 0],
    ['a fraction', 0.5],
    ['false', false],
    ['strings', ['a', 'b']],
    ['numbers', [1, 2]],
    ['booleans', [true, false]],
    ['an empty array', []],
    ['an array with gaps', ['a', null, 'b']],
  ])('%s gives an attribute of that value', async (_, value) => {
    expect(await outcomeOf(() => value)).toEqual({ has: true, value, faults: 0, lines: [] });
  });

  it.each([undefined, null])('%p gives none, silently', async (value) => {
    expect(await outcomeOf(() => value)).toEqual({ has: false, value: undefined, faults: 0, lines: [] });
  });

  it.each<[string, unknown, RegExp]>([
    ['an object', { id: 1 }, /returned an object; an attribute is a string/],
    [
      'a date',
      new Date(0),
      /returned an object of class Date; .*convert it in the getter, e\.g\. with String\(\)/,
    ],
    ['a bigint', 7n, /returned a bigint;/],
    ['a symbol', Symbol('x'), /returned a symbol;/],
    ['a function', () => 'x', /returned a function;/],
    ['not a number', Number.NaN, /returned NaN;/],
    ['infinity', Number.POSITIVE_INFINITY, /returned Infinity;/],
    ['a mixed array', ['a', 1], /returned an array of values of different types;/],
    ['an array of objects', ['a', {}], /returned an array with an object in it;/],
    ['an object without a prototype', Object.create(null), /returned an object;/],
  ])('%s gives none, counted each time and said once', async (_, value, line) => {
    const { lines, ...outcome } = await outcomeOf(() => value);
    expect(outcome).toEqual({ has: false, value: undefined, faults: 2 });
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(lines[0]).toMatch(/^longpole: attribute NAME is left out: its getter returned/);
  });

  it('a promise gives none, and one that is rejected does not end the process', async () => {
    const { lines, ...outcome } = await outcomeOf(async () => Promise.reject(new Error('late')));
    expect(outcome).toEqual({ has: false, value: undefined, faults: 2 });
    expect(lines).toEqual([
      'longpole: attribute NAME is left out: its getter returned a promise; ' +
        'getters are read when the response has ended and never awaited',
    ]);
  });
});

describe('a getter that throws', () => {
  it.each<[string, unknown, string]>([
    ['an error', new RangeError('secret'), 'RangeError'],
    ['nothing', undefined, 'undefined'],
    ['a string', 'secret', 'string'],
  ])('%s is said once, by its type alone', async (_, thrown, type) => {
    const outcome = await outcomeOf(() => {
      throw thrown;
    });
    const lines = [`longpole: attribute NAME is left out: its getter threw (${type})`];
    expect(outcome).toEqual({ has: false, value: undefined, faults: 2, lines });
  });
});

it('whatever a getter returns, the others are read and the response is sent', async () => {
  let value: unknown;
  const app = express().use(
    tracing({ attributes: { 'a.any': (() => value) as () => string, 'b.fine': () => 'fine' } }),
  );
  app.get('/', (_request, response) => void response.send('ok'));
  await fc.assert(
    fc.asyncProperty(
      fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true }),
      async (any) => {
        value = any;
        const { answer, attributes } = await bench.ask(app, '/');
        expect(answer?.status).toBe(200);
        expect(attributes['b.fine']).toBe('fine');
      },
    ),
    { numRuns: 20 },
  );
});
