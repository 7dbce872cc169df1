// The checkout of the demo, as it is and with its faults.

import type { CapturedTrace } from '../../../src/testing/captured.ts';
import { call, type Sketch, server, traceOf } from './trace-of.ts';

const charge: Partial<Sketch> = {
  attributes: { 'payment.id': 'pay_1', 'http.response.status_code': 201 },
  children: [{ service: 'payment', name: 'authorize with acquirer', at: 302, for: 2490 }],
};

const steps: readonly Sketch[] = [
  { service: 'gateway', name: 'validate_cart', at: 2, for: 3, attributes: { 'cart.items': 3 } },
  call('gateway', 'auth', 'POST /sessions/verify', 10, 30),
  call('gateway', 'inventory', 'POST /reservations', 50, 200),
  call('gateway', 'payment', 'POST /charges', 300, 2500, charge),
  call('gateway', 'notify', 'POST /notifications', 2810, 180, {
    attributes: { 'http.response.status_code': 202 },
  }),
];

const attributes = {
  'user.id': 'ada',
  'order.id': 'ord_7',
  'cart.total': 42.5,
  'http.response.status_code': 201,
};

function gateway(children: readonly Sketch[], more: Partial<Sketch> = {}): Sketch {
  return server('gateway', 'POST /api/checkout', 0, 3000, { attributes, children, ...more });
}

export const checkout: CapturedTrace = traceOf([gateway(steps)]);

/** Inventory is asked once for each of the items, and auth and inventory at the same time. */
export const askedOften: CapturedTrace = traceOf([
  gateway([
    call('gateway', 'auth', 'POST /sessions/verify', 10, 60),
    ...[20, 90, 150, 210].map((at) => call('gateway', 'inventory', 'GET /items/:id', at, 50)),
  ]),
]);

const declined = {
  failed: 'the card was declined',
  exception: { type: 'CardDeclined', message: 'the card was declined' },
  attributes: { 'http.response.status_code': 402, 'error.type': 'CardDeclined' },
};

/** The card is declined, and the gateway answers with 502. */
export const failed: CapturedTrace = traceOf([
  gateway([call('gateway', 'payment', 'POST /charges', 300, 2500, declined)], {
    failed: '',
    attributes: { ...attributes, 'http.response.status_code': 502, 'error.type': '502' },
  }),
]);

/** Payment does not take the context of its caller over. */
export const torn: readonly CapturedTrace[] = [
  traceOf([
    gateway([
      {
        service: 'gateway',
        name: 'POST',
        kind: 'CLIENT',
        at: 300,
        for: 2500,
        attributes: { 'service.peer.name': 'payment' },
      },
    ]),
  ]),
  traceOf([server('payment', 'POST /charges', 301, 2498)], 'a3ce929d0e0e47364bf92f3577b34da6'),
];

/** The span in the middle was never captured. */
export const withoutParent: CapturedTrace = traceOf([
  gateway([]),
  server('payment', 'POST /charges', 301, 2498, { parentSpanId: 'b7ad6b7169203331' }),
]);
