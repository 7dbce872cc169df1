// A typed test, compiled by whichever transformer Jest has.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CapturedTrace, captureTraces, matchers } from '@longpole/express/testing';
import supertest from 'supertest';
import { createGateway, createInventory } from './apps';

const traces = captureTraces();
expect.extend({ ...matchers });
let inventory: Server;

beforeAll(async () => {
  inventory = createInventory().listen(0, '127.0.0.1');
  await once(inventory, 'listening');
});
afterAll(async () => {
  inventory.close();
  await traces.stop();
});

test('a cart asks the inventory for each item, at the same time', async () => {
  const { port } = inventory.address() as AddressInfo;
  const response = await supertest(createGateway(`http://127.0.0.1:${port}`))
    .get('/cart')
    .set('x-user-id', 'ada');
  const trace: CapturedTrace = await traces.of(response);
  expect(trace).toBeOneTrace();
  expect(trace).toHaveServices(['gateway', 'inventory']);
  expect(trace).toHaveSpan('GET /items/:id', { service: 'inventory', kind: 'SERVER', status: 200, times: 2 });
  expect(trace).toHaveServices(expect.arrayContaining(['inventory']));
  expect(trace).toHaveAttributes({ 'user.id': expect.any(String) });
  expect(trace).toHaveCalledInParallel(['GET inventory', 'GET inventory']);
  expect(trace).toStayWithinBudget({ calls: { 'GET inventory': 2 } });
  expect(trace).toHaveBottleneck(/./);
  expect(trace).toMatchTraceSnapshot();
  await expect(traces.of(response)).resolves.toHaveNoErrors();
});

test('what is misspelt is an error of types', () => {
  // @ts-expect-error no such option
  expect(() => expect({}).toHaveSpan('GET /', { servcie: 'inventory' })).toThrow(/captured trace/);
  // @ts-expect-error no such kind
  expect(() => expect({}).toHaveSpan('GET /', { kind: 'server' })).toThrow(/captured trace/);
});
