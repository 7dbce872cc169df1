// What a notification and its receipt look like: two traces, linked.

import { afterAll, expect, test } from '@jest/globals';
import { Faults, systemClock } from '@longpole/demo-chassis';
import { testParts } from '@longpole/demo-chassis/testing';
import { tracing } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { openOutbox } from '../src/outbox.ts';
import { startWorker } from '../src/worker.ts';

const traces = captureTraces();
const outbox = openOutbox(undefined, systemClock);
const faults = new Faults({ service: 'notify', latencyMs: 0 });
const worker = startWorker({ outbox, clock: systemClock, faults, log: { error: () => {} } });
const parts = testParts('notify', { faults, tracing: tracing({ service: 'notify' }) });
const app = createApp({ ...parts, outbox, worker });
afterAll(async () => {
  await worker.stop();
  outbox.close();
});

test('the receipt is a trace of its own, linked to the span that ordered it, with the same id on both', async () => {
  const note = { orderId: 'order-1', userId: 'ada', total: 199.8, currency: 'EUR' };
  const response = await request(app).post('/notifications').send(note).expect(202);
  const trace = await traces.of(response);
  const id = { 'messaging.message.id': response.body.notificationId };
  expect(trace).toHaveSpan('send receipt', { kind: 'PRODUCER', attributes: id });
  const [job, ...more] = await traces.linkedTo(trace);
  expect(more).toEqual([]);
  expect(job).toHaveSpan('process receipt', { service: 'notify', kind: 'CONSUMER', attributes: id });
  const producer = trace.spans.find(({ kind }) => kind === 'PRODUCER');
  expect(job?.spans[0]?.links).toMatchObject([{ traceId: trace.traceId, spanId: producer?.spanId }]);
});
