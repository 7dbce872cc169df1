// The same in CommonJS where Jest has no globals: what it uses of Jest is imported.

const { afterAll, beforeAll, expect, test } = require('@jest/globals');
const { captureTraces } = require('@longpole/express/testing');
const supertest = require('supertest');
const { createGateway, createInventory } = require('./apps.cjs');

const traces = captureTraces();
let inventory;

beforeAll((done) => {
  inventory = createInventory().listen(0, '127.0.0.1', done);
});
afterAll(async () => {
  inventory.close();
  await traces.stop();
});

test('a cart asks the inventory for each item, at the same time', async () => {
  const gateway = createGateway(`http://127.0.0.1:${inventory.address().port}`);
  const response = await supertest(gateway).get('/cart').set('x-user-id', 'ada').expect(200);
  const trace = await traces.of(response);
  expect(trace).toBeOneTrace();
  expect(trace).toHaveServices(['gateway', 'inventory']);
  expect(trace).toHaveSpan('GET /items/:id', { service: 'inventory', times: 2 });
  expect(trace).toHaveAttributes({ 'user.id': expect.stringMatching(/^a/) });
  expect(trace).toHaveCalledInParallel(['GET inventory', 'GET inventory']);
  expect(trace).toHaveBottleneck(/./);
  expect(trace).toMatchTraceSnapshot();
});
