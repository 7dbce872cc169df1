// A test that fails: its message is checked.

import { expect, test } from '@jest/globals';
import { captureTraces } from '@longpole/express/testing';
import supertest from 'supertest';
import { createInventory } from './apps';

const traces = captureTraces();

test('fails', async () => {
  const response = await supertest(createInventory()).get('/items/7');
  expect(await traces.of(response)).toHaveSpan('GET /item/:id', { service: 'inventory' });
});
