// What a checkout looks like in the gateway's part of the trace.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testParts } from '@longpole/demo-chassis/testing';
import { tracing } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { createUpstreams } from '../src/upstreams.ts';
import { FakeServices, problem } from './fake-services.ts';

const traces = captureTraces();
const services = new FakeServices();
beforeAll(() => services.start());
afterAll(() => services.stop());

// What the stand-in for inventory says that it costs.
const CART = {
  items: [
    { productId: 'oak-table', quantity: 1, price: 120 },
    { productId: 'desk-lamp', quantity: 2, price: 39.9 },
  ],
  card: 'card_ok',
};

const checkout = () => {
  const upstreams = createUpstreams({ ...services.urls, timeoutMs: 1_000 });
  const middleware = tracing({ service: 'gateway', trustInbound: 'never' });
  return request(createApp({ ...testParts('gateway', { tracing: middleware }), upstreams }))
    .post('/api/checkout')
    .set('authorization', 'Bearer aaa.bbb.ccc')
    .send(CART);
};

test('the four are called one after the other, each once, with the trace’s context', async () => {
  services.behave({});
  const trace = await traces.of(await checkout().expect(201));
  expect(trace).toHaveCalledInOrder(['auth', 'inventory', 'payment', 'notify']);
  expect(trace).toHaveAttributes({ 'user.id': 'ada', 'order.id': expect.any(String), 'cart.total': 199.8 });
  const calls = trace.spans.filter(({ kind }) => kind === 'CLIENT').map(({ spanId }) => spanId);
  const sent = services.asked.map(({ headers }) => String(headers['traceparent']).split('-'));
  expect(sent.map(([, traceId]) => traceId)).toEqual(calls.map(() => trace.traceId));
  expect(sent.map(([, , spanId]) => spanId)).toEqual(calls);
});

test('a caller from outside is linked to and not followed', async () => {
  services.behave({});
  const caller = '0af7651916cd43dd8448eb211c80319c';
  const trace = await traces.of(await checkout().set('traceparent', `00-${caller}-b7ad6b7169203331-00`));
  expect(trace).toBeOneTrace();
  expect(trace.spans[0]?.links).toMatchObject([{ traceId: caller, spanId: 'b7ad6b7169203331' }]);
});

test('a payment that is declined is no error of the gateway, and gives the stock back', async () => {
  services.behave({ 'payment POST': problem(402, 'card-declined') });
  const trace = await traces.of(await checkout().expect(402));
  expect(trace).toHaveSpan('POST /api/checkout', { kind: 'SERVER', status: 402 });
  expect(trace).toHaveSpan('DELETE', { kind: 'CLIENT', attributes: { 'service.peer.name': 'inventory' } });
});
