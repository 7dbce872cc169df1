// What the check of a session looks like in a trace, and what must not be in it.

import { expect, test } from '@jest/globals';
import { testParts } from '@longpole/demo-chassis/testing';
import { tracing } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { createSessions } from '../src/sessions.ts';

const traces = captureTraces();
const sessions = createSessions({ secret: 'a-secret-of-the-test-that-is-long-enough' });
const app = createApp({ ...testParts('auth', { tracing: tracing({ service: 'auth' }) }), sessions });

test('a session has its user on the span, and its token nowhere', async () => {
  const { token } = await sessions.issue('ada');
  const trace = await traces.of(await request(app).post('/sessions/verify').send({ token }).expect(200));
  expect(trace).toHaveAttributes('POST /sessions/verify', { 'user.id': 'ada' });
  expect(JSON.stringify(trace.spans.map(({ attributes }) => attributes))).not.toContain(token);
});

test('a refused token is no error of the service', async () => {
  const trace = await traces.of(
    await request(app).post('/sessions/verify').send({ token: 'a.b.c' }).expect(401),
  );
  expect(trace).toHaveNoErrors();
});
