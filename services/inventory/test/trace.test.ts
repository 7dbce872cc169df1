// What a reservation looks like in a trace, with and without the fault n-plus-one.

import { afterAll, expect, test } from '@jest/globals';
import { Faults } from '@longpole/demo-chassis';
import { testParts } from '@longpole/demo-chassis/testing';
import { tracing } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { openStock } from '../src/stock.ts';

const traces = captureTraces();
const stock = openStock(undefined);
const faults = new Faults({ service: 'inventory', latencyMs: 0 });
const app = createApp({
  ...testParts('inventory', { faults, tracing: tracing({ service: 'inventory' }) }),
  stock,
});
afterAll(() => stock.close());

const ITEMS = ['oak-table', 'desk-lamp'].map((productId) => ({ productId, quantity: 1 }));
const reserve = (orderId: string) => request(app).post('/reservations').send({ orderId, items: ITEMS });

test('one statement reserves all items', async () => {
  const trace = await traces.of(await reserve('order-1').expect(201));
  expect(trace).toHaveSpan('reserve stock', { kind: 'CLIENT', attributes: { 'db.system.name': 'sqlite' } });
  expect(trace).toStayWithinBudget({ spans: 2 });
});

test('with the fault n-plus-one each item is asked for by itself', async () => {
  faults.replace({ fault: 'n-plus-one' });
  const trace = await traces.of(await reserve('order-2').expect(201));
  expect(trace).not.toStayWithinBudget({ spans: 2 });
});
