// captureTraces() on one app: finding traces, waiting for them, and what it says when they do not come.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import request from 'supertest';
import { tracing, withSpan } from '../../src/index.ts';
import { captureTraces } from '../../src/testing.ts';

const traces = captureTraces({ deadlineMs: 1000 });
afterEach(() => traces.clear());

describe('one app', () => {
  let app: Express;
  beforeEach(() => {
    app = express();
    app.use(tracing({ service: 'orders' }));
    app.get('/orders/:id', async (req, res) => {
      await withSpan('load order', { 'order.id': req.params.id }, async () => undefined);
      res.json({ id: req.params.id });
    });
  });

  it('gives the trace of a supertest response, without the call of the test', async () => {
    const response = await request(app).get('/orders/7').expect(200);
    const trace = await traces.of(response);
    expect(trace.spans.map(({ kind, name, service }) => `${service} ${kind} ${name}`)).toEqual([
      'orders SERVER GET /orders/:id',
      'orders INTERNAL load order',
    ]);
    expect(trace.isComplete).toBe(true);
    expect(trace.spans[0]?.parentSpanId).toBeUndefined();
    expect(trace.roots).toHaveLength(1);
  });
});
