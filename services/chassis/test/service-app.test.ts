// What every service answers, whatever its routes are.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { allowOnly } from '../src/allow-only.ts';
import { createServiceApp, type ServiceParts } from '../src/service-app.ts';
import { testParts } from '../src/testing.ts';

function createEcho(parts: ServiceParts = testParts('echo')): Express {
  return createServiceApp(parts, (app) => {
    app
      .route('/echo')
      .post((req, res) => {
        res.json(req.body);
      })
      .all(allowOnly('POST'));
    app.get('/boom', () => {
      throw new Error('password=hunter2');
    });
    app.get('/item/:id', (req, res) => {
      res.json(req.params);
    });
  });
}

describe('health', () => {
  test('GET /healthz names the service', async () => {
    await request(createEcho()).get('/healthz').expect(200, { status: 'ok', service: 'echo' });
  });

  test('GET /readyz runs every check', async () => {
    const parts = testParts('echo', { readiness: { one: () => 1, two: async () => 2 } });
    await request(createEcho(parts))
      .get('/readyz')
      .expect(200, { status: 'ready', checks: ['one', 'two'] });
  });

  test('GET /readyz is 503 and names the checks that failed', async () => {
    const fail = (): never => {
      throw new Error('the disk is full');
    };
    const parts = testParts('echo', { readiness: { fine: () => 1, stock: fail, mail: async () => fail() } });
    const { body } = await request(createEcho(parts)).get('/readyz').expect(503);
    expect(body).toMatchObject({
      type: 'urn:longpole:problem:not-ready',
      detail: 'stock: the disk is full; mail: the disk is full',
    });
  });
});

describe('bodies', () => {
  test('JSON arrives, plain and gzipped', async () => {
    const app = createEcho();
    await request(app).post('/echo').send({ a: 1 }).expect(200, { a: 1 });
    const call = request(app).post('/echo').type('json').set('content-encoding', 'gzip');
    call.write(gzipSync('{"a":1}'));
    await call.expect(200, { a: 1 });
  });

  test.each([
    ['malformed JSON', 'application/json', '{"a":', 400, 'malformed-json'],
    ['a JSON scalar', 'application/json', '7', 400, 'malformed-json'],
    ['no body', 'application/json', '', 400, 'empty-body'],
    ['33 KiB', 'application/json', JSON.stringify('x'.repeat(33 * 1024)), 413, 'body-too-large'],
    ['text', 'text/plain', '{"a":1}', 415, 'unsupported-media-type'],
    ['a form', 'application/x-www-form-urlencoded', 'a=1', 415, 'unsupported-media-type'],
    ['an unknown charset', 'application/json; charset=klingon', '{}', 415, 'unsupported-charset'],
  ])('%s is refused', async (_what, type, text, status, code) => {
    const answer = await request(createEcho()).post('/echo').set('content-type', type).send(text);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: `urn:longpole:problem:${code}`, status });
    expect(answer.body.title).toBeTruthy();
    expect(answer.body.detail).toBeTruthy();
  });

  test('an unknown encoding is refused', async () => {
    const call = request(createEcho()).post('/echo').type('json').set('content-encoding', 'zip').send('{}');
    expect((await call.expect(415)).body).toMatchObject({
      type: 'urn:longpole:problem:unsupported-encoding',
    });
  });

  test('a gzip bomb is refused by its size after decompression', async () => {
    const call = request(createEcho()).post('/echo').type('json').set('content-encoding', 'gzip');
    call.write(gzipSync(Buffer.alloc(10_000_000, 'x')));
    await call.expect(413);
  });
});

describe('problems', () => {
  test('an unknown path is 404', async () => {
    const { body } = await request(createEcho()).get('/nowhere').expect(404);
    expect(body).toEqual({
      type: 'urn:longpole:problem:no-such-path',
      title: 'There is nothing at this path',
      status: 404,
      detail: 'GET /nowhere is not a route of this service.',
    });
  });

  test('a method the path does not have is 405 with Allow', async () => {
    const answer = await request(createEcho()).get('/echo').expect(405).expect('allow', 'POST');
    expect(answer.body.detail).toBe('GET is not allowed on /echo: use POST.');
  });

  test('a path that is not well encoded is 400', async () => {
    await request(createEcho()).get('/item/%E0%A4%A').expect(400);
  });

  test('an unexpected error is 500, reported, and not shown', async () => {
    const parts = testParts('echo');
    const { text } = await request(createEcho(parts)).get('/boom').expect(500);
    expect(text).not.toContain('hunter2');
    expect(parts.reported).toEqual([new Error('password=hunter2')]);
  });

  test('no header tells what the service is made of', async () => {
    const answer = await request(createEcho()).get('/healthz');
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });
});
