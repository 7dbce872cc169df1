// POST /api/checkout: what is asked of whom, in which order, and what the customer hears when something goes wrong.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testParts } from '@longpole/demo-chassis/testing';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { createUpstreams } from '../src/upstreams.ts';
import { type Answer, FakeServices, problem } from './fake-services.ts';

const TOKEN = 'aaa.bbb.ccc';
const CART = {
  items: [
    { productId: 'oak-table', quantity: 1, price: 120 },
    { productId: 'desk-lamp', quantity: 2, price: 39.9 },
  ],
  card: 'card_ok',
};
const ALL_CALLS = [
  'auth POST /sessions/verify',
  'inventory POST /reservations',
  'payment POST /charges',
  'notify POST /notifications',
];
const RELEASE = 'inventory DELETE /reservations/{id}';

const services = new FakeServices();
let app: Express;

beforeAll(() => services.start());
afterAll(() => services.stop());

beforeEach(() => {
  services.behave({});
  app = createApp({
    ...testParts('gateway'),
    upstreams: createUpstreams({ ...services.urls, timeoutMs: 1_000 }),
  });
});

const checkout = (cart: object = CART, on: Express = app) =>
  request(on).post('/api/checkout').set('authorization', `Bearer ${TOKEN}`).send(cart);

describe('a checkout that goes well', () => {
  test('answers 201 with the order', async () => {
    const { body } = await checkout().expect(201);
    expect(body).toEqual({
      orderId: expect.stringMatching(/^order-/),
      status: 'confirmed',
      items: 3,
      total: 199.8,
      currency: 'EUR',
      paymentId: 'pay-1',
      receipt: 'queued',
    });
  });

  test('asks auth, inventory, payment and notify, in that order, each for its part', async () => {
    const { body } = await checkout().expect(201);
    const { orderId } = body;
    expect(services.calls).toEqual(ALL_CALLS);
    expect(services.asked.map((asked) => asked.body)).toEqual([
      { token: TOKEN },
      {
        orderId,
        items: [
          { productId: 'oak-table', quantity: 1 },
          { productId: 'desk-lamp', quantity: 2 },
        ],
      },
      { orderId, userId: 'ada', amount: 199.8, currency: 'EUR', card: 'card_ok' },
      { orderId, userId: 'ada', total: 199.8, currency: 'EUR' },
    ]);
    expect(services.asked[2]?.headers['idempotency-key']).toBe(orderId);
  });

  test('hands the token to auth alone', async () => {
    await checkout().expect(201);
    const [, ...others] = services.asked;
    expect(JSON.stringify(others)).not.toContain(TOKEN);
  });

  test('gives every order an id of its own', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await checkout()).body.orderId));
    expect(new Set(ids).size).toBe(20);
  });

  test('adds cents up without losing any', async () => {
    services.behave({ 'inventory POST': { status: 201, body: { total: 0.3 } } });
    const items = [0.1, 0.1, 0.1].map((price) => ({ productId: 'nail', quantity: 1, price }));
    expect((await checkout({ ...CART, items }).expect(201)).body.total).toBe(0.3);
  });
});

describe('input', () => {
  test.each([
    [{ ...CART, items: [{ productId: 'oak-table', quantity: -1, price: 120 }] }, '#/items/0/quantity'],
    [{ ...CART, items: [{ productId: 'oak-table', quantity: 1_001, price: 120 }] }, '#/items/0/quantity'],
    [{ ...CART, items: [{ productId: 'oak-table', quantity: 1, price: 0 }] }, '#/items/0/price'],
    [{ ...CART, items: [{ productId: 'oak-table', quantity: 1, price: 1.001 }] }, '#/items/0/price'],
    [{ ...CART, items: [{ productId: 'oak-table', quantity: 1 }] }, '#/items/0/price'],
    [{ ...CART, items: [{ productId: '../etc', quantity: 1, price: 1 }] }, '#/items/0/productId'],
    [{ ...CART, items: [] }, '#/items'],
    [{ ...CART, items: [{ productId: 'a', quantity: 1_000, price: 100_000 }, ...CART.items] }, '#/items'],
    [{ ...CART, card: '4242 4242 4242 4242' }, '#/card'],
    [{ ...CART, coupon: 'FREE' }, '#/coupon'],
    [[], '#'],
  ])('%j is 422, points at the fault and asks nobody', async (cart, pointer) => {
    const { body } = await checkout(cart).expect(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer })]);
    expect(services.calls).toEqual([]);
  });

  test.each([
    [undefined, 'no Authorization header'],
    ['', 'no bearer token'],
    ['Basic YTpi', 'no bearer token'],
    ['Bearer', 'no bearer token'],
    ['Bearer not-a-jwt', 'no bearer token'],
  ])('an Authorization header of %j is 401 and asks nobody', async (value, detail) => {
    const call = request(app).post('/api/checkout');
    if (value !== undefined) call.set('authorization', value);
    const answer = await call.send(CART).expect(401);
    expect(answer.body.detail).toContain(detail);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(services.calls).toEqual([]);
  });

  test('malformed JSON is 400, another type 415, another method 405', async () => {
    await request(app).post('/api/checkout').type('json').send('{').expect(400);
    await request(app).post('/api/checkout').type('text').send('{}').expect(415);
    await request(app).get('/api/checkout').expect(405).expect('allow', 'POST');
  });
});

describe('a service that says no', () => {
  test.each([
    ['auth POST', problem(401, 'unauthenticated'), 401, 'unauthenticated', ALL_CALLS.slice(0, 1)],
    ['inventory POST', problem(404, 'unknown-product'), 404, 'unknown-product', ALL_CALLS.slice(0, 2)],
    ['inventory POST', problem(409, 'not-enough-stock'), 409, 'not-enough-stock', ALL_CALLS.slice(0, 2)],
    [
      'payment POST',
      problem(402, 'card-declined'),
      402,
      'card-declined',
      [...ALL_CALLS.slice(0, 3), RELEASE],
    ],
  ])('%s → %j is passed on', async (call, answer, status, code, calls) => {
    services.behave({ [call]: answer });
    const { body } = await checkout().expect(status);
    expect(body).toEqual({
      type: `urn:longpole:problem:${code}`,
      title: `title of ${code}`,
      status,
      detail: `detail of ${code}`,
    });
    expect(services.calls).toEqual(calls);
  });

  test('a price that is no longer true is 409, and what was reserved is released', async () => {
    services.behave({ 'inventory POST': { status: 201, body: { total: 210 } } });
    const { body } = await checkout().expect(409);
    expect(body).toMatchObject({ type: 'urn:longpole:problem:price-changed' });
    expect(body.detail).toContain('The cart says 199.80 EUR, the shop says 210.00 EUR');
    expect(services.calls).toEqual([...ALL_CALLS.slice(0, 2), RELEASE]);
  });

  test('the reservation is released under the id it was made with', async () => {
    services.behave({ 'payment POST': problem(402, 'card-declined') });
    await checkout().expect(402);
    const { orderId } = services.asked[1]!.body as { orderId: string };
    expect(services.asked.at(-1)?.path).toBe(`/reservations/${orderId}`);
  });
});

describe('a service that is down or broken is 503', () => {
  const broken: [string, Answer, string][] = [
    ['answers 500', { status: 500, body: {} }, 'answered 500'],
    ['answers 503 with a problem', problem(503, 'fault-injected'), 'answered 503 (detail of fault-injected)'],
    ['answers a 4xx it has no reason for', problem(418, 'teapot'), 'answered 418 (detail of teapot)'],
    ['answers nonsense', { status: 200, body: { hello: 'world' } }, 'gave an answer that makes no sense'],
    ['cuts the connection', 'cut', "can't be reached (ECONNRESET)"],
    ['is too slow', 'hang', 'did not answer within 1000 ms'],
  ];

  test.each(broken)('auth %s', async (_what, answer, reason) => {
    services.behave({ 'auth POST': answer });
    expect((await checkout().expect(503)).body.detail).toContain(`auth ${reason}`);
    expect(services.calls).toEqual(ALL_CALLS.slice(0, 1));
  });

  test.each(broken)('inventory %s: what it may have reserved is released', async (_what, answer, reason) => {
    services.behave({ 'inventory POST': answer });
    expect((await checkout().expect(503)).body.detail).toContain(`inventory ${reason}`);
    expect(services.calls).toEqual([...ALL_CALLS.slice(0, 2), RELEASE]);
  });

  test.each(broken)('payment %s: what was reserved is released', async (_what, answer, reason) => {
    services.behave({ 'payment POST': answer });
    const { body, headers } = await checkout().expect(503);
    expect(body).toMatchObject({ type: 'urn:longpole:problem:dependency-unavailable' });
    expect(body.detail).toContain(`payment ${reason}`);
    expect(headers['retry-after']).toBe('5');
    expect(services.calls).toEqual([...ALL_CALLS.slice(0, 3), RELEASE]);
  });

  test.each(broken)('notify %s: not 503, because the card is charged by then', async (_what, answer) => {
    services.behave({ 'notify POST': answer });
    const { body } = await checkout().expect(201);
    const accepted = typeof answer === 'object' && answer.status === 200;
    expect(body.receipt).toBe(accepted ? 'queued' : 'unavailable');
    expect(services.calls).toEqual(ALL_CALLS);
  });

  test('a release that fails does not hide why it was needed', async () => {
    services.behave({ 'payment POST': problem(402, 'card-declined'), 'inventory DELETE': { status: 500 } });
    await checkout().expect(402);
  });

  test('inventory that refuses the connection has nothing to release', async () => {
    const upstreams = createUpstreams({
      ...services.urls,
      inventory: 'http://127.0.0.1:1',
      timeoutMs: 1_000,
    });
    const released: string[] = [];
    const watched = { ...upstreams, releaseStock: async (orderId: string) => void released.push(orderId) };
    const { body } = await checkout(CART, createApp({ ...testParts('gateway'), upstreams: watched })).expect(
      503,
    );
    expect(body.detail).toContain("inventory can't be reached (ECONNREFUSED)");
    expect(released).toEqual([]);
  });
});

describe('GET /readyz', () => {
  test('asks the four, and names those that are not ready', async () => {
    services.behave({
      'auth GET': { status: 200 },
      'inventory GET': { status: 200 },
      'notify GET': { status: 200 },
    });
    const { body } = await request(app).get('/readyz').expect(503);
    expect(body.detail).toBe('payment: Request failed with status code 404');
    services.behave(
      Object.fromEntries(
        ['auth', 'inventory', 'payment', 'notify'].map((name) => [`${name} GET`, { status: 200 }]),
      ),
    );
    await request(app).get('/readyz').expect(200);
    expect(services.calls).toHaveLength(4);
  });
});
