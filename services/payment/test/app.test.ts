// The routes of payment, over HTTP: what is charged, and that it is charged once.

import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Faults } from '@longpole/demo-chassis';
import { ManualClock, testParts, until } from '@longpole/demo-chassis/testing';
import type { Express } from 'express';
import request from 'supertest';
import { type Acquirer, createAcquirer } from '../src/acquirer.ts';
import { createApp } from '../src/app.ts';
import { type Ledger, openLedger } from '../src/ledger.ts';

const ORDER = { orderId: 'order-1', userId: 'ada', amount: 199.8, currency: 'EUR', card: 'card_ok' };
let clock: ManualClock;
let ledger: Ledger;
let faults: Faults;
let authorizations: number;
let app: Express;

beforeEach(() => {
  clock = new ManualClock();
  ledger = openLedger(undefined, clock);
  faults = new Faults({ service: 'payment', latencyMs: 0, clock });
  authorizations = 0;
  const bank = createAcquirer(faults);
  const acquirer: Acquirer = {
    authorize: (card, signal, attempt) => {
      authorizations += 1;
      return bank.authorize(card, signal, attempt);
    },
  };
  app = createApp({ ...testParts('payment', { faults }), ledger, acquirer });
});

afterEach(() => ledger.close());

const charge = (key: string, order: object = ORDER) =>
  request(app).post('/charges').set('idempotency-key', key).send(order);

describe('POST /charges', () => {
  test('charges the card and keeps the books balanced', async () => {
    const { body } = await charge('k1').expect(201);
    expect(body).toEqual({ paymentId: expect.stringMatching(/^pay-/), orderId: 'order-1', amount: 199.8 });
    expect(ledger.balances()).toEqual({ customer: -19_980, shop: 19_980 });
  });

  test('with the same key and body replays the answer and charges once', async () => {
    const first = await charge('k1').expect(201);
    const second = await charge('k1').expect(201).expect('idempotent-replayed', 'true');
    expect(second.body).toEqual(first.body);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(authorizations).toBe(1);
  });

  test('with the fault swallowed-error answers as ever and writes nothing into the books', async () => {
    faults.replace({ fault: 'swallowed-error' });
    await charge('k1').expect(201);
    expect(ledger.balances()).toEqual({ customer: 0, shop: 0 });
    await request(app).get('/charges/k1').expect(404);
    faults.replace({});
    await charge('k2').expect(201);
    expect(ledger.balances().shop).toBe(19_980);
  });

  test('with other keys charges again', async () => {
    await charge('k1').expect(201);
    await charge('k2').expect(201);
    expect(ledger.balances().shop).toBe(2 * 19_980);
  });

  test.each([{ amount: 1 }, { card: 'card_declined' }, { orderId: 'order-2' }, { userId: 'grace' }])(
    'with the same key and %j is 422 and charges nothing more',
    async (change) => {
      await charge('k1').expect(201);
      const { body } = await charge('k1', { ...ORDER, ...change }).expect(422);
      expect(body.type).toBe('urn:longpole:problem:idempotency-key-reused');
      expect(ledger.balances().shop).toBe(19_980);
    },
  );

  test('40 times at once with one key charges once, and everybody gets the same answer', async () => {
    faults.replace({ latencyMs: 10 });
    const calls = Array.from({ length: 40 }, () => charge('k1'));
    const answers = Promise.all(calls);
    await until(() => clock.sleeping > 0);
    clock.advance(10);
    const bodies = new Set((await answers).map((answer) => `${answer.status} ${answer.text}`));
    expect(bodies.size).toBe(1);
    expect(authorizations).toBe(1);
    expect(ledger.balances()).toEqual({ customer: -19_980, shop: 19_980 });
  });

  test('at once with one key and two bodies lets one through', async () => {
    faults.replace({ latencyMs: 10 });
    const answers = Promise.all([charge('k1'), charge('k1', { ...ORDER, amount: 1 })]);
    await until(() => clock.sleeping > 0);
    clock.advance(10);
    expect((await answers).map((answer) => answer.status).sort()).toEqual([201, 422]);
    expect(authorizations).toBe(1);
  });

  test.each(['card_declined', 'card_expired', 'card_no_funds', 'card_nobody_knows'])(
    'with %s is 402, replayed as 402, and not in the books',
    async (card) => {
      const first = await charge('k1', { ...ORDER, card }).expect(402);
      const second = await charge('k1', { ...ORDER, card })
        .expect(402)
        .expect('idempotent-replayed', 'true');
      expect(second.body).toEqual(first.body);
      expect(first.body).toMatchObject({
        type: 'urn:longpole:problem:card-declined',
        title: 'The card was declined',
      });
      expect(authorizations).toBe(1);
      expect(ledger.balances()).toEqual({ customer: 0, shop: 0 });
    },
  );

  test('that fails leaves the key free for another try', async () => {
    faults.replace({ failureRate: 1 });
    await charge('k1').expect(503);
    faults.replace({});
    await charge('k1').expect(201);
    expect(authorizations).toBe(2);
  });

  test.each([undefined, '', 'with space', 'x'.repeat(256), 'ключ'])(
    'without a usable key (%j) is 400',
    async (key) => {
      const call = request(app).post('/charges');
      if (key !== undefined) call.set('idempotency-key', Buffer.from(key).toString('latin1'));
      const { body } = await call.send(ORDER).expect(400);
      expect(body.type).toBe('urn:longpole:problem:idempotency-key-missing');
    },
  );

  test.each([
    [{ amount: 0 }, '#/amount'],
    [{ amount: -5 }, '#/amount'],
    [{ amount: 0.001 }, '#/amount'],
    [{ amount: '5' }, '#/amount'],
    [{ currency: 'USD' }, '#/currency'],
    [{ card: '4242424242424242' }, '#/card'],
    [{ userId: '' }, '#/userId'],
  ])('refuses %j', async (change, pointer) => {
    const { body } = await charge('k1', { ...ORDER, ...change }).expect(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer })]);
    expect(authorizations).toBe(0);
  });
});

describe('a caller who goes away', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    faults.replace({ latencyMs: 10 });
  });

  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  /** Sends a charge over a connection of its own, which can be cut. */
  function send(key: string) {
    const call = httpRequest({
      port: (server.address() as AddressInfo).port,
      agent: false,
      method: 'POST',
      path: '/charges',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    });
    call.end(JSON.stringify(ORDER));
    return call;
  }

  test('is not charged, and the key stays free', async () => {
    const call = send('k1');
    const failed = once(call, 'error');
    await until(() => clock.sleeping === 1);
    call.destroy(new Error('gone'));
    await failed;
    await until(() => clock.sleeping === 0);
    expect(ledger.find('k1')).toBeUndefined();
    faults.replace({ latencyMs: 0 });
    await charge('k1').expect(201);
    expect(ledger.balances().shop).toBe(19_980);
  });

  test('does not cancel the charge for another who waits for the same key', async () => {
    const first = send('k1');
    const failed = once(first, 'error');
    await until(() => clock.sleeping === 1);
    const second = send('k1');
    const answered = once(second, 'response');
    await until(async () => (await connectionsOf(server)) === 2);
    await request(app).get('/healthz').expect(200);
    first.destroy(new Error('gone'));
    await failed;
    await until(async () => (await connectionsOf(server)) === 1);
    clock.advance(10);
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(201);
    expect(authorizations).toBe(1);
  });
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

describe('GET /charges/{key}', () => {
  test('tells how a charge ended', async () => {
    await charge('k1', { ...ORDER, card: 'card_expired' }).expect(402);
    const { body } = await request(app).get('/charges/k1').expect(200);
    expect(body).toMatchObject({ orderId: 'order-1', amount: 199.8, currency: 'EUR', outcome: 'declined' });
    await request(app).get('/charges/k2').expect(404);
  });
});
