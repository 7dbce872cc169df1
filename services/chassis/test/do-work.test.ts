// The work of a request: counted from its arrival, and ended when nobody waits for it.

import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { doWork } from '../src/do-work.ts';
import { Faults } from '../src/faults.ts';
import { createServiceApp } from '../src/service-app.ts';
import { ManualClock, testParts, until } from '../src/testing.ts';

function create() {
  const clock = new ManualClock(1_000);
  const faults = new Faults({ service: 'auth', latencyMs: 100, clock });
  const outcomes: string[] = [];
  const app = createServiceApp(testParts('auth', { faults }), (routes) => {
    routes.get('/work', async (_req, res) => {
      clock.advance(40);
      await doWork(faults, res).catch((error: Error) => {
        outcomes.push(error.name);
        throw error;
      });
      outcomes.push('done');
      res.json('done');
    });
  });
  return { clock, app, outcomes };
}

describe('doWork', () => {
  test('ends when the latency has passed since the request came in', async () => {
    const { clock, app, outcomes } = create();
    const answered = request(app)
      .get('/work')
      .then(({ body }) => body);
    await until(() => clock.sleeping === 1);
    clock.advance(59);
    expect([clock.sleeping, outcomes]).toEqual([1, []]);
    clock.advance(1);
    expect(await answered).toBe('done');
  });

  test('ends when the caller goes away', async () => {
    const { clock, app, outcomes } = create();
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const call = get({ port: (server.address() as AddressInfo).port, path: '/work', agent: false });
    const failed = once(call, 'error');
    await until(() => clock.sleeping === 1);
    call.destroy(new Error('gone'));
    await failed;
    await until(() => outcomes.length === 1);
    expect([outcomes, clock.sleeping]).toEqual([['AbortError'], 0]);
    server.close();
    await once(server, 'close');
  });
});
