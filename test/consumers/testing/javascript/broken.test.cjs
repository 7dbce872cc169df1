// A test that fails where Jest has no globals: its message is checked.

const { expect, test } = require('@jest/globals');
const { captureTraces } = require('@longpole/express/testing');
const supertest = require('supertest');
const { createInventory } = require('./apps.cjs');

const traces = captureTraces();

test('fails', async () => {
  const response = await supertest(createInventory()).get('/items/7');
  expect(await traces.of(response)).toHaveSpan('GET /item/:id', { service: 'inventory' });
});
