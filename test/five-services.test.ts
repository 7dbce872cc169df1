// A checkout through all five services in one process: one trace, each span under its service's own name.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type CapturedNode, type CapturedTrace, captureTraces, shapeOf } from '@longpole/express/testing';
import request from 'supertest';
import { DEMO_TOKEN } from '../services/mesh/src/demo-checkout.ts';
import { type DemoApps, startDemoApps } from './demo-apps.ts';

const traces = captureTraces();
let apps: DemoApps;

beforeAll(async () => {
  apps = await startDemoApps({ gateway: { trustInbound: 'never' } });
});
afterAll(() => apps.stop());

function checkout() {
  return request(apps.gateway)
    .post('/api/checkout')
    .set('authorization', `Bearer ${DEMO_TOKEN}`)
    .send({ items: [{ productId: 'oak-table', quantity: 1, price: 120 }], card: 'card_ok' });
}

function draw({ span, children }: CapturedNode, indent = ''): string[] {
  const line = `${indent}${span.service} ${span.kind} ${span.name}`;
  return [line, ...children.flatMap((child) => draw(child, `${indent}  `))];
}

function drawn({ roots }: CapturedTrace): string[] {
  return roots.flatMap((root) => draw(root));
}

/** The first checkout that takes less than a second with the wait for its trace: a busy machine may need several tries. */
async function quickest(tries: number): Promise<CapturedTrace> {
  const startMs = performance.now();
  const trace = await traces.of(await checkout().expect(201));
  const tookMs = performance.now() - startMs;
  if (tookMs < 1000) return trace;
  if (tries === 1)
    throw new Error(`The checkout and its trace took ${Math.round(tookMs)} ms, the last of several.`);
  return quickest(tries - 1);
}

it('is one trace of five services, in less than a second', async () => {
  const trace = await quickest(5);
  expect(drawn(trace)).toMatchInlineSnapshot(`
[
  "gateway SERVER POST /api/checkout",
  "  gateway INTERNAL validate_cart",
  "  gateway CLIENT POST",
  "    auth SERVER POST /sessions/verify",
  "  gateway CLIENT POST",
  "    inventory SERVER POST /reservations",
  "      inventory CLIENT reserve stock",
  "  gateway INTERNAL process_payment",
  "    gateway CLIENT POST",
  "      payment SERVER POST /charges",
  "        payment INTERNAL authorize with acquirer",
  "  gateway CLIENT POST",
  "    notify SERVER POST /notifications",
  "      notify PRODUCER send receipt",
]
`);
  expect(trace).toBeOneTrace();
  expect(trace).toHaveServices(['gateway', 'auth', 'inventory', 'payment', 'notify']);
  expect(trace).toHaveCalledInOrder(['auth', 'inventory', 'payment', 'notify']);
  expect(trace).toHaveAttributes({ 'user.id': 'ada', 'order.id': expect.any(String), 'cart.total': 120 });
  expect(trace).toHaveNoErrors();
});

it('is linked to by the trace of the receipt, which is notify’s', async () => {
  const trace = await traces.of(await checkout().expect(201));
  const linked = await traces.linkedTo(trace);
  expect(linked.flatMap(drawn)).toEqual(['notify CONSUMER process receipt']);
  const producer = trace.spans.find(({ kind }) => kind === 'PRODUCER');
  expect(linked[0]?.spans[0]?.links).toMatchObject([{ traceId: trace.traceId, spanId: producer?.spanId }]);
});

it('is one trace each for checkouts at the same time', async () => {
  traces.clear();
  const orders = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const response = await checkout().expect(201);
      const trace = await traces.of(response);
      expect(trace).toBeOneTrace();
      expect(trace).toStayWithinBudget({ spans: 14 });
      return [trace.roots[0]?.span.attributes['order.id'], response.body.orderId];
    }),
  );
  for (const [ofTrace, ofAnswer] of orders) expect(ofTrace).toBe(ofAnswer);
});

it('has one shape, however many checkouts run at the same time', async () => {
  const shapes = await Promise.all(
    Array.from({ length: 20 }, async () => shapeOf(await traces.of(await checkout().expect(201)))),
  );
  expect([...new Set(shapes)]).toHaveLength(1);
  const trace = await traces.of(await checkout().expect(201));
  expect(shapeOf(trace)).toBe(shapes[0]);
  expect(trace).toMatchInlineSnapshot(`
gateway SERVER POST /api/checkout 201 { cart.total: 120, order.id: 'order-<uuid>', user.id: 'ada' }
  gateway INTERNAL validate_cart { cart.items: 1, cart.total: 120 }
  gateway CLIENT POST → auth 200
    auth SERVER POST /sessions/verify 200 { user.id: 'ada' }
  gateway CLIENT POST → inventory 201
    inventory SERVER POST /reservations 201 { order.id: 'order-<uuid>' }
      inventory CLIENT reserve stock → sqlite
  gateway INTERNAL process_payment { payment.id: 'pay-<uuid>' }
    gateway CLIENT POST → payment 201
      payment SERVER POST /charges 201 { order.id: 'order-<uuid>', payment.id: 'pay-<uuid>' }
        payment INTERNAL authorize with acquirer { order.id: 'order-<uuid>', payment.attempt: 1 }
  gateway CLIENT POST → notify 202
    notify SERVER POST /notifications 202 { notification.id: 'note-<uuid>', order.id: 'order-<uuid>' }
      notify PRODUCER send receipt → sqlite-outbox { order.id: 'order-<uuid>' }
`);
});

it('has nothing that the doctor would complain of', async () => {
  const trace = await traces.of(await checkout().expect(201));
  // How long the calls wait for one another is the machine's business here.
  expect(trace).toHaveNoFindings({ except: ['sequential-calls'] });
});

it('tells of a receipt that is lost', async () => {
  apps.loseJobs();
  const trace = await traces.of(await checkout().expect(201));
  await expect(traces.linkedTo(trace, { deadlineMs: 50 })).rejects.toThrow(
    "notify: the job that 'send receipt' has ordered with carryContext() has not begun",
  );
});
