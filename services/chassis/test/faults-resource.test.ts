// The resource that sets faults at run time.
import { describe, expect, test } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { createServiceApp } from '../src/service-app.ts';
import { testParts } from '../src/testing.ts';

const NO_FAULTS = {
  latencyMs: 0,
  extraLatencyMs: 0,
  failureRate: 0,
  hang: false,
  mistake: null,
  fault: null,
};

function create(faultsEnabled: boolean): Express {
  const parts = testParts('auth', { faultsEnabled });
  return createServiceApp(parts, (app) => {
    app.get('/work', async (_req, res) => {
      await parts.faults.work();
      res.json('done');
    });
  });
}

describe('/faults with FAULTS=on', () => {
  test('is read, set and taken back', async () => {
    const app = create(true);
    await request(app).get('/faults').expect(200, NO_FAULTS);
    await request(app)
      .put('/faults')
      .send({ failureRate: 1 })
      .expect(200, { ...NO_FAULTS, failureRate: 1 });
    const { body } = await request(app).get('/work').expect(503);
    expect(body).toMatchObject({
      type: 'urn:longpole:problem:fault-injected',
      detail: 'auth fails 100 % of its work: DELETE /faults ends that.',
    });
    await request(app).delete('/faults').expect(200, NO_FAULTS);
    await request(app).get('/work').expect(200);
  });

  test.each([
    [{ latencyMs: -1 }, '#/latencyMs'],
    [{ latencyMs: 600_001 }, '#/latencyMs'],
    [{ failureRate: 1.1 }, '#/failureRate'],
    [{ hang: 'yes' }, '#/hang'],
    [{ latency: 5 }, '#/latency'],
    [{ mistake: 'async' }, '#/mistake'],
    [{ mistake: 'nose' }, '#/mistake'],
    [{ mistake: true }, '#/mistake'],
    [{ fault: 'retry-storm' }, '#/fault'],
  ])('refuses %j and keeps what was', async (input, pointer) => {
    const app = create(true);
    const { body } = await request(app).put('/faults').send(input).expect(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer })]);
    await request(app).get('/faults').expect(200, NO_FAULTS);
  });

  test.each([
    [{ mistake: 'async' }, 'auth knows noise, attributes; async is set on notify'],
    [{ fault: 'lost-job' }, 'auth knows null; lost-job is set on notify'],
    [{ mistake: 'toString' }, 'auth knows noise, attributes'],
  ])('says of %j what can be set, and where', async (input, message) => {
    const { body } = await request(create(true)).put('/faults').send(input).expect(422);
    expect(body.errors[0].detail).toBe(`${message}, received ${JSON.stringify(Object.values(input)[0])}`);
  });

  test('has no other method', async () => {
    await request(create(true)).post('/faults').send({}).expect(405).expect('allow', 'GET, PUT, DELETE');
  });
});

describe('/faults without', () => {
  test.each(['get', 'put', 'delete'] as const)('%s is 403 and names the variable', async (method) => {
    const call = request(create(false))[method]('/faults');
    const { body } = await (method === 'put' ? call.send({ hang: true }) : call).expect(403);
    expect(body.detail).toContain('FAULTS=on');
  });
});
