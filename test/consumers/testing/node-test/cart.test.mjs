// The same with node:test, whose assertions are those of expectTrace().

import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { captureTraces, expectTrace, shapeOf } from '@longpole/express/testing';
import { createGateway, createInventory } from '../javascript/apps.mjs';

const traces = captureTraces();
let inventory;
let gateway;

before(async () => {
  inventory = await listen(createInventory());
  gateway = await listen(createGateway(urlOf(inventory)));
});
after(async () => {
  gateway.close();
  inventory.close();
  await traces.stop();
});

async function listen(app) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function urlOf(server) {
  return `http://127.0.0.1:${server.address().port}`;
}

test('a cart asks the inventory for each item, at the same time', async (t) => {
  const response = await fetch(`${urlOf(gateway)}/cart`, { headers: { 'x-user-id': 'ada' } });
  const trace = await traces.of(response);
  expectTrace(trace).toBeOneTrace();
  expectTrace(trace).toHaveServices(['gateway', 'inventory']);
  expectTrace(trace).toHaveSpan('GET /items/:id', { service: 'inventory', times: 2 });
  expectTrace(trace).toHaveAttributes({ 'user.id': /^a/ });
  expectTrace(trace).toHaveBottleneck(/./);
  expectTrace(trace).not.toHaveError();
  t.assert.snapshot(shapeOf(trace), { serializers: [(shape) => shape] });
});
