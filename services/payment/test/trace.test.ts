// What a charge looks like in a trace.

import { afterAll, expect, test } from '@jest/globals';
import { Faults, systemClock } from '@longpole/demo-chassis';
import { testParts } from '@longpole/demo-chassis/testing';
import { tracing } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import request from 'supertest';
import { createAcquirer } from '../src/acquirer.ts';
import { createApp } from '../src/app.ts';
import { openLedger } from '../src/ledger.ts';

const traces = captureTraces();
const ledger = openLedger(undefined, systemClock);
const faults = new Faults({ service: 'payment', latencyMs: 0 });
const parts = testParts('payment', { faults, tracing: tracing({ service: 'payment' }) });
const app = createApp({ ...parts, ledger, acquirer: createAcquirer(faults) });
afterAll(() => ledger.close());

const charge = (key: string, card = 'card_ok') =>
  request(app)
    .post('/charges')
    .set('idempotency-key', key)
    .send({ orderId: key, userId: 'ada', amount: 199.8, currency: 'EUR', card });

test('a charge has a span of the acquirer, a replay has none', async () => {
  const first = await traces.of(await charge('order-1').expect(201));
  expect(first).toHaveAttributes({ 'order.id': 'order-1', 'payment.id': expect.stringMatching(/^pay-/) });
  expect(first).toHaveSpan('authorize with acquirer', { service: 'payment', kind: 'INTERNAL' });
  const second = await traces.of(await charge('order-1').expect(201));
  expect(second).not.toHaveSpan('authorize with acquirer');
});

test('a declined card is an answer and no error', async () => {
  const trace = await traces.of(await charge('order-2', 'card_declined').expect(402));
  expect(trace).toHaveNoErrors();
  expect(trace).toHaveSpan('POST /charges', { status: 402 });
});

test('with the fault retry-storm every try of the acquirer is a span, two of them failed', async () => {
  faults.replace({ fault: 'retry-storm' });
  const trace = await traces.of(await charge('order-3').expect(201));
  expect(trace).toHaveSpan(/^authorize with acquirer/, { status: 'ERROR', times: 2 });
});
