// The routes of inventory, over HTTP.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { testParts } from '@longpole/demo-chassis/testing';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { openStock, type Stock } from '../src/stock.ts';

const ORDER = { orderId: 'order-1', items: [{ productId: 'oak-table', quantity: 2 }] };
let stock: Stock;
let app: Express;

beforeEach(() => {
  stock = openStock(undefined);
  app = createApp({ ...testParts('inventory'), stock });
});

afterEach(() => stock.close());

const available = (id: string) => stock.findProduct(id)?.available;

describe('POST /reservations', () => {
  test('takes the items and tells what they cost', async () => {
    const answer = await request(app).post('/reservations').send(ORDER).expect(201);
    expect(answer.body).toEqual({ orderId: 'order-1', total: 240, currency: 'EUR' });
    expect(answer.headers['location']).toBe('/reservations/order-1');
    expect(available('oak-table')).toBe(999_998);
  });

  test('sent twice takes once', async () => {
    await request(app).post('/reservations').send(ORDER).expect(201);
    const again = await request(app).post('/reservations').send(ORDER).expect(200);
    expect(again.body).toEqual({ orderId: 'order-1', total: 240, currency: 'EUR' });
    expect(available('oak-table')).toBe(999_998);
  });

  test('sent 50 times at once takes once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => request(app).post('/reservations').send(ORDER)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(49).fill(200), 201]);
    expect(available('oak-table')).toBe(999_998);
  });

  test.each([
    ['unknown product', [{ productId: 'unicorn', quantity: 1 }], 404, 'unknown-product'],
    ['sold out', [{ productId: 'sold-out-vase', quantity: 1 }], 409, 'not-enough-stock'],
  ])('%s', async (_what, items, status, code) => {
    const { body } = await request(app).post('/reservations').send({ orderId: 'o', items }).expect(status);
    expect(body.type).toBe(`urn:longpole:problem:${code}`);
  });

  test('under an id with other items is 409', async () => {
    await request(app).post('/reservations').send(ORDER).expect(201);
    const other = { ...ORDER, items: [{ productId: 'oak-table', quantity: 3 }] };
    const { body } = await request(app).post('/reservations').send(other).expect(409);
    expect(body.type).toBe('urn:longpole:problem:reservation-changed');
  });

  test.each([
    [{ orderId: 'o', items: [] }, '#/items'],
    [{ orderId: '', items: ORDER.items }, '#/orderId'],
    [{ orderId: 'o', items: [{ productId: 'oak-table', quantity: 0 }] }, '#/items/0/quantity'],
    [{ orderId: 'o', items: [{ productId: 'oak-table', quantity: 1.5 }] }, '#/items/0/quantity'],
    [{ orderId: 'o', items: [{ productId: 'oak-table', quantity: '1' }] }, '#/items/0/quantity'],
  ])('refuses %j', async (input, pointer) => {
    const { body } = await request(app).post('/reservations').send(input).expect(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer })]);
  });
});

describe('DELETE /reservations/{id}', () => {
  test('puts the items back, once', async () => {
    await request(app).post('/reservations').send(ORDER).expect(201);
    await request(app).delete('/reservations/order-1').expect(204);
    await request(app).delete('/reservations/order-1').expect(204);
    expect(available('oak-table')).toBe(1_000_000);
  });

  test('of what nobody reserved is 404', async () => {
    const { body } = await request(app).delete('/reservations/order-9').expect(404);
    expect(body.type).toBe('urn:longpole:problem:unknown-reservation');
  });
});

describe('GET /products', () => {
  test('lists prices and stock', async () => {
    const { body } = await request(app).get('/products').expect(200);
    expect(body.products).toContainEqual({
      id: 'desk-lamp',
      name: 'Desk lamp',
      price: 39.9,
      currency: 'EUR',
      available: 1_000_000,
    });
  });

  test('finds one, or says 404', async () => {
    expect((await request(app).get('/products/sold-out-vase').expect(200)).body.available).toBe(0);
    await request(app).get('/products/unicorn').expect(404);
  });
});
