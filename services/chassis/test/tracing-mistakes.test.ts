// The mistakes in a service's own code: a noisy handler does what it did before, and tells what nobody asked.

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type StartOptions, startTracing, type TracingHandle, withSpan } from '@longpole/express';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import request from 'supertest';
import { Faults } from '../src/faults.ts';
import { until } from '../src/testing.ts';
import { attributesOf, forEachItem, noisy } from '../src/tracing-mistakes.ts';

type Exporter = NonNullable<StartOptions['exporter']>;
type ReadableSpan = Parameters<Exporter['export']>[0][number];

// OpenTelemetry's SpanKind.
const SERVER = 1;
const spans: ReadableSpan[] = [];
const exporter: Exporter = {
  export(batch, done) {
    spans.push(...batch);
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};
const faults = new Faults({ service: 'echo', latencyMs: 0 });
let handle: TracingHandle;

beforeAll(() => {
  handle = startTracing({ exporter, log: () => undefined });
});

afterAll(() => handle.shutdown());

afterEach(() => {
  faults.replace({});
  spans.length = 0;
});

function create(...handlers: RequestHandler[]): Express {
  const app = express();
  const answerError: ErrorRequestHandler = (error: Error, _req, res, _next) => {
    res.status(500).json(error.message);
  };
  return app.use(...handlers.map((handler) => noisy(faults, handler))).use(answerError);
}

async function spanCalled(name: string): Promise<ReadableSpan> {
  const find = (): ReadableSpan | undefined => spans.find((span) => span.name === name);
  await until(async () => {
    await handle.forceFlush();
    return find() !== undefined;
  });
  return find()!;
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
  await request(create(first, second)).get('/').expect(200);
  const [one, two, work] = await Promise.all(
    ['middleware first', 'middleware second', 'work'].map(spanCalled),
  );
  const idOf = (span: ReadableSpan | undefined): unknown => span?.spanContext().spanId;
  const parentOf = (span: ReadableSpan | undefined): ReadableSpan | undefined =>
    spans.find((other) => idOf(other) === span?.parentSpanContext?.spanId);
  await until(async () => {
    await handle.forceFlush();
    return parentOf(one) !== undefined;
  });
  expect(parentOf(one)?.kind).toBe(SERVER);
  expect(parentOf(two)).toBe(parentOf(one));
  expect(parentOf(work)).toBe(two);
});

test('a loop does the same with and without a span for each turn', async () => {
  const double = (): number[] => forEachItem(faults, 'double', [1, 2, 3], (n) => 2 * n);
  expect(double()).toEqual([2, 4, 6]);
  faults.replace({ mistake: 'noise' });
  expect(double()).toEqual([2, 4, 6]);
  await spanCalled('double');
  expect(spans.filter(({ name }) => name === 'double')).toHaveLength(3);
});

test('attributes are there, or not', () => {
  expect(attributesOf(faults, { 'user.id': 'ada' })).toEqual({ 'user.id': 'ada' });
  faults.replace({ mistake: 'attributes' });
  expect(attributesOf(faults, { 'user.id': 'ada' })).toEqual({});
});
