// The routes of notify, over HTTP.

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ManualClock, testParts } from '@longpole/demo-chassis/testing';
import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { type Outbox, openOutbox } from '../src/outbox.ts';

const NOTE = { orderId: 'order-1', userId: 'ada', total: 199.8, currency: 'EUR' };
const wake = jest.fn();
let outbox: Outbox;
let app: Express;

beforeEach(() => {
  wake.mockClear();
  outbox = openOutbox(undefined, new ManualClock());
  app = createApp({ ...testParts('notify'), outbox, worker: { wake } });
});

afterEach(() => outbox.close());

describe('POST /notifications', () => {
  test('is accepted into the outbox and wakes the worker', async () => {
    const answer = await request(app).post('/notifications').send(NOTE).expect(202);
    const { notificationId } = answer.body;
    expect(answer.headers['location']).toBe(`/notifications/${notificationId}`);
    expect(wake).toHaveBeenCalledTimes(1);
    expect(outbox.nextDue()).toEqual({
      notification: {
        id: notificationId,
        orderId: 'order-1',
        userId: 'ada',
        totalCents: 19_980,
        state: 'queued',
      },
      from: { 'longpole-job-id': notificationId },
      attempt: 1,
    });
  });

  test('of one order 30 times at once is one notification', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => request(app).post('/notifications').send(NOTE)),
    );
    expect(new Set(answers.map((answer) => answer.body.notificationId)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 202)).toBe(true);
  });

  test.each([
    [{ total: 0 }, '#/total'],
    [{ total: 1.234 }, '#/total'],
    [{ currency: 'GBP' }, '#/currency'],
    [{ orderId: '' }, '#/orderId'],
    [{ to: 'ada@example.org' }, '#/to'],
  ])('refuses %j and writes nothing', async (change, pointer) => {
    const { body } = await request(app)
      .post('/notifications')
      .send({ ...NOTE, ...change })
      .expect(422);
    expect(body.errors).toEqual([expect.objectContaining({ pointer })]);
    expect(outbox.nextDue()).toBeUndefined();
    expect(wake).not.toHaveBeenCalled();
  });
});

describe('GET /notifications/{id}', () => {
  test('tells how far it is', async () => {
    const { body } = await request(app).post('/notifications').send(NOTE);
    const path = `/notifications/${body.notificationId}`;
    expect((await request(app).get(path).expect(200)).body).toMatchObject({
      orderId: 'order-1',
      state: 'queued',
    });
    outbox.complete(outbox.nextDue()!, 'Dear ada');
    expect((await request(app).get(path).expect(200)).body).toMatchObject({ state: 'sent' });
  });

  test('of nothing is 404', async () => {
    const { body } = await request(app).get('/notifications/note-9').expect(404);
    expect(body.type).toBe('urn:longpole:problem:unknown-notification');
  });
});
