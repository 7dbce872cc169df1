// The mistakes in a service's own code: a noisy handler does what it did before, and tells what nobody asked.

import { afterEach, describe, expect, test } from '@jest/globals';
import { tracing, withSpan } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import request from 'supertest';
import { Faults } from '../src/faults.ts';
import { attributesOf, forEachItem, noisy } from '../src/tracing-mistakes.ts';

const traces = captureTraces();
const faults = new Faults({ service: 'echo', latencyMs: 0 });

afterEach(() => {
  faults.replace({});
  traces.clear();
});

function create(...handlers: RequestHandler[]): Express {
  const app = express();
  const answerError: ErrorRequestHandler = (error: Error, _req, res, _next) => {
    res.status(500).json(error.message);
  };
  return app.use(tracing(), ...handlers.map((handler) => noisy(faults, handler))).use(answerError);
}

describe.each(['noise', null] as const)('a handler with mistake %s', (mistake) => {
  test('passes on, answers, and fails as it is', async () => {
    faults.replace({ mistake });
    const later: RequestHandler = (_req, res, next) => {
      res.locals['seen'] = true;
      setImmediate(next);
    };
    const answer: RequestHandler = (_req, res) => {
      res.json(res.locals['seen']);
    };
    await request(create(later, answer)).get('/').expect(200, 'true');

    const throws: RequestHandler = () => {
      throw new Error('thrown');
    };
    await request(create(throws)).get('/').expect(500, '"thrown"');
    const rejects: RequestHandler = async () => {
      await Promise.reject(new Error('rejected'));
    };
    await request(create(rejects)).get('/').expect(500, '"rejected"');
    const refuses: RequestHandler = (_req, _res, next) => {
      next(new Error('refused'));
    };
    await request(create(refuses)).get('/').expect(500, '"refused"');
  });
});

test('a noisy handler is a span that what comes after it is no part of', async () => {
  faults.replace({ mistake: 'noise' });
  const first: RequestHandler = (_req, _res, next) => next();
  const second: RequestHandler = async (_req, res) => {
    await withSpan('work', async () => undefined);
    res.json('done');
  };
  const trace = await traces.of(await request(create(first, second)).get('/').expect(200));
  const [server] = trace.roots;
  expect(server?.span.kind).toBe('SERVER');
  expect(server?.children.map(({ span }) => span.name)).toEqual(['middleware first', 'middleware second']);
  expect(server?.children[1]?.children.map(({ span }) => span.name)).toEqual(['work']);
});

test('a loop does the same with and without a span for each turn', async () => {
  const double: RequestHandler = (_req, res) => {
    res.json(forEachItem(faults, 'double', [1, 2, 3], (n) => 2 * n));
  };
  const app = create().use(double);
  const quiet = await traces.of(await request(app).get('/').expect(200, '[2,4,6]'));
  expect(quiet).toStayWithinBudget({ spans: 1 });
  faults.replace({ mistake: 'noise' });
  const noisyOne = await traces.of(await request(app).get('/').expect(200, '[2,4,6]'));
  expect(noisyOne).toHaveSpan('double', { times: 3 });
});

test('attributes are there, or not', () => {
  expect(attributesOf(faults, { 'user.id': 'ada' })).toEqual({ 'user.id': 'ada' });
  faults.replace({ mistake: 'attributes' });
  expect(attributesOf(faults, { 'user.id': 'ada' })).toEqual({});
});
