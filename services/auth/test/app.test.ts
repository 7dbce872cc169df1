// The routes of auth, over HTTP.

import { describe, expect, test } from '@jest/globals';
import { testParts } from '@longpole/demo-chassis/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { DEMO_SECRET } from '../src/demo.ts';
import { createSessions } from '../src/sessions.ts';

const create = () => createApp({ ...testParts('auth'), sessions: createSessions({ secret: DEMO_SECRET }) });

describe('POST /sessions', () => {
  test('signs a user in with a token that verifies', async () => {
    const app = create();
    const { body } = await request(app)
      .post('/sessions')
      .send({ userId: 'ada', password: 'lovelace' })
      .expect(201);
    const verified = await request(app).post('/sessions/verify').send({ token: body.token }).expect(200);
    expect(verified.body).toEqual({ userId: 'ada', expiresAt: body.expiresAt });
  });

  test.each([
    ['ada', 'hopper'],
    ['mallory', 'lovelace'],
    ['mallory', ''.padEnd(1)],
    ['__proto__', 'undefined'],
  ])('refuses %s with %j the same way', async (userId, password) => {
    const answer = await request(create()).post('/sessions').send({ userId, password }).expect(401);
    expect(answer.body.detail).toBe('User and password do not belong together.');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
  });

  test.each([
    {},
    { userId: 'ada' },
    { userId: 'ada', password: 1 },
    { userId: 'ada', password: 'x', admin: true },
  ])('refuses %j as invalid', async (input) => {
    await request(create()).post('/sessions').send(input).expect(422);
  });
});

describe('POST /sessions/verify', () => {
  test('answers 401 for a token that does not count', async () => {
    const { body } = await request(create()).post('/sessions/verify').send({ token: 'a.b.c' }).expect(401);
    expect(body).toMatchObject({ type: 'urn:longpole:problem:unauthenticated', status: 401 });
  });

  test.each([{}, { token: '' }, { token: 7 }, { token: 'x'.repeat(4_097) }])(
    'refuses %j as invalid',
    async (input) => {
      await request(create()).post('/sessions/verify').send(input).expect(422);
    },
  );

  test('is ready when it can sign and verify', async () => {
    await request(create())
      .get('/readyz')
      .expect(200, { status: 'ready', checks: ['signing'] });
  });

  test.each(['/sessions', '/sessions/verify'])('has only POST on %s', async (path) => {
    await request(create()).get(path).expect(405).expect('allow', 'POST');
  });
});
