// What the page's panel may ask of the demo, over HTTP.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { type DemoControl, startDemoControl } from '../src/demo-control.ts';
import type { FaultClient } from '../src/fault-client.ts';
import { MeshError } from '../src/mesh-error.ts';
import { MAX_PER_SECOND, SteadyLoad } from '../src/steady-load.ts';

let gateway: Server;
let control: DemoControl;
let checkouts = 0;
let status = 201;
const set: [string, unknown][] = [];

const faults: FaultClient = {
  read: (service) =>
    service === 'notify'
      ? Promise.reject(new MeshError('notify does not answer'))
      : Promise.resolve({ latencyMs: 1 }),
  replace: (service, state) => {
    set.push([service, state]);
    return Promise.resolve(state);
  },
  clear: () => Promise.resolve({}),
};

beforeEach(async () => {
  [checkouts, status] = [0, 201];
  set.length = 0;
  gateway = createServer((_req, res) => {
    checkouts++;
    res
      .writeHead(status, { 'content-type': 'application/json' })
      .end('{"orderId":"order-1","traceId":"abc"}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const gatewayUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  control = await startDemoControl({ gatewayUrl, faults, stop: new AbortController().signal });
});

afterEach(() => {
  control.close();
  gateway.close();
  gateway.closeAllConnections();
});

interface Answer {
  readonly services: readonly { readonly service: string }[];
  readonly load: { readonly sent: number };
  readonly message: string;
}

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> {
  const answer = await fetch(`${control.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
}

describe('the control of the demo', () => {
  test('tells of each service what it does and can be made to do, or why that is not known', async () => {
    const { body } = await ask('GET', '/');
    const of = (name: string) => body.services.find((one) => one.service === name);
    expect(of('payment')).toEqual({
      service: 'payment',
      mistakes: ['noise', 'attributes'],
      faults: ['retry-storm', 'swallowed-error'],
      state: { latencyMs: 1 },
      problem: null,
    });
    expect(of('notify')).toMatchObject({ state: null, problem: 'notify does not answer' });
    expect(body).toMatchObject({ load: { perSecond: 0 }, maxPerSecond: MAX_PER_SECOND });
  });

  test('sends a checkout and gives its answer', async () => {
    expect((await ask('POST', '/checkout')).body).toMatchObject({
      status: 201,
      traceId: 'abc',
      summary: 'order-1',
    });
    expect(checkouts).toBe(1);
  });

  test('sets the faults of a service that there is', async () => {
    expect((await ask('PUT', '/services/payment', { latencyMs: 5 })).status).toBe(200);
    expect(set).toEqual([['payment', { latencyMs: 5 }]]);
    expect((await ask('PUT', '/services/shipping', {})).status).toBe(404);
    expect((await ask('DELETE', '/')).status).toBe(404);
  });

  test('sends a steady load until it is told not to', async () => {
    expect((await ask('PUT', '/load', { perSecond: 20 })).status).toBe(200);
    await until(() => checkouts >= 3);
    await ask('PUT', '/load', { perSecond: 0 });
    const { load } = (await ask('GET', '/')).body;
    expect(load).toMatchObject({ perSecond: 0, failed: 0 });
    expect(load.sent).toBeGreaterThanOrEqual(3);
  });

  test.each([-1, 21, 'fast', null])('refuses a load of %j', async (perSecond) => {
    const { status: answered, body } = await ask('PUT', '/load', { perSecond });
    expect(answered).toBe(422);
    expect(body.message).toContain(JSON.stringify(perSecond));
  });

  test.each(['', '{"perSecond":', `"${'x'.repeat(20_000)}"`])('refuses a body that is none', async (text) => {
    const answer = await fetch(`${control.url}/load`, { method: 'PUT', body: text });
    expect(answer.status).toBe(422);
  });
});

describe('a steady load', () => {
  test('counts what failed, and does not pile up what is not answered', async () => {
    let fail: (() => void) | undefined;
    const load = new SteadyLoad(() => new Promise((_, reject) => (fail = () => reject(new Error('gone')))));
    load.set(MAX_PER_SECOND);
    await until(() => load.state.open >= 1);
    load.set(0);
    const { sent } = load.state;
    fail?.();
    await until(() => load.state.failed === 1);
    expect(load.state).toMatchObject({ sent, failed: 1, open: sent - 1 });
  });
});
