// One checkout through the five real services is one trace, and every error a customer can cause shows on it.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { DEMO_TOKEN, sendCheckout } from '../src/demo-checkout.ts';
import { drawTree, OtlpSink, type SeenSpan } from './otlp-sink.ts';
import { type RunningServices, runServices } from './running-services.ts';

const CHECKOUT_TREE = [
  'gateway SERVER POST /api/checkout',
  '  gateway INTERNAL validate_cart',
  '  gateway CLIENT POST',
  '    auth SERVER POST /sessions/verify',
  '  gateway CLIENT POST',
  '    inventory SERVER POST /reservations',
  '      inventory CLIENT reserve stock',
  '  gateway INTERNAL process_payment',
  '    gateway CLIENT POST',
  '      payment SERVER POST /charges',
  '        payment INTERNAL authorize with acquirer',
  '  gateway CLIENT POST',
  '    notify SERVER POST /notifications',
  '      notify PRODUCER send receipt',
];
const RELEASE_TREE = [
  '  gateway CLIENT DELETE',
  '    inventory SERVER DELETE /reservations/:id',
  '      inventory CLIENT release stock',
];

const sink = new OtlpSink();
let services: RunningServices | undefined;

beforeAll(async () => {
  await sink.start();
  services = await runServices(sink.url, { FAULTS: 'on', UPSTREAM_TIMEOUT_MS: '2000' });
}, 60_000);

afterAll(async () => {
  await services?.stop();
  await sink.stop();
}, 30_000);

interface Sent {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** The whole trace of the checkout, once `count` spans of it have arrived. */
  readonly spans: SeenSpan[];
}

async function checkout(
  item: object,
  card: string,
  count: number,
  token = DEMO_TOKEN,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const answer = await fetch(`${services!.urls.gateway}/api/checkout`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items: [item], card }),
  });
  const body = (await answer.json()) as Record<string, unknown>;
  const traceId = String(body['traceId']);
  expect(answer.headers.get('traceresponse')).toContain(traceId);
  await until(() => sink.ofTrace(traceId).length >= count);
  return { status: answer.status, body, spans: inOrder(sink.ofTrace(traceId)) };
}

/** As they started; the sink has them as they ended. */
function inOrder(spans: readonly SeenSpan[]): SeenSpan[] {
  const rank = (span: SeenSpan): number =>
    ['validate_cart', 'auth', 'inventory', 'process_payment', 'payment', 'notify'].indexOf(
      String(span.attributes['service.peer.name'] ?? span.name),
    );
  return [...spans].sort((a, b) => Number(isRelease(a)) - Number(isRelease(b)) || rank(a) - rank(b));
}

const isRelease = (span: SeenSpan): boolean => span.name === 'DELETE';
const TABLE = { productId: 'oak-table', quantity: 1, price: 120 };

function find(spans: readonly SeenSpan[], service: string, kind: string): SeenSpan {
  const found = spans.find((span) => span.service === service && span.kind === kind);
  if (!found) throw new Error(`No ${kind} span of ${service} among ${drawTree(spans).join('\n')}`);
  return found;
}

describe('a checkout', () => {
  test('is one trace with every span of the contract and no other', async () => {
    const { traceId } = await sendCheckout(services!.urls.gateway, new AbortController().signal);
    await until(() => sink.ofTrace(traceId!).length >= 14);
    expect(drawTree(inOrder(sink.ofTrace(traceId!)))).toEqual(CHECKOUT_TREE);
  });

  test.each(['01', '00'])(
    'asked for by a customer who forges %s is a whole trace of its own',
    async (flags) => {
      const forged = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
      const traceparent = `00-${forged.traceId}-${forged.spanId}-${flags}`;
      const { spans } = await checkout(TABLE, 'card_ok', 14, DEMO_TOKEN, {
        traceparent,
        baggage: 'admin=true',
      });
      expect(drawTree(spans)).toEqual(CHECKOUT_TREE);
      expect(find(spans, 'gateway', 'SERVER').links).toEqual([expect.objectContaining(forged)]);
      expect(sink.ofTrace(forged.traceId)).toEqual([]);
    },
  );

  test('carries the attributes a question would be asked by', async () => {
    const { body, spans } = await checkout(TABLE, 'card_ok', 14);
    const { orderId, paymentId } = body;
    const server = { 'user.id': 'ada', 'order.id': orderId, 'cart.total': 120 };
    expect(find(spans, 'gateway', 'SERVER').attributes).toMatchObject({
      ...server,
      'http.route': '/api/checkout',
    });
    expect(spans.find((span) => span.name === 'validate_cart')?.attributes).toMatchObject({
      'cart.items': 1,
      'cart.total': 120,
    });
    expect(spans.find((span) => span.name === 'process_payment')?.attributes).toEqual({
      'payment.id': paymentId,
    });
    expect(find(spans, 'auth', 'SERVER').attributes).toMatchObject({ 'user.id': 'ada' });
    expect(find(spans, 'inventory', 'SERVER').attributes).toMatchObject({ 'order.id': orderId });
    expect(find(spans, 'payment', 'SERVER').attributes).toMatchObject({
      'order.id': orderId,
      'payment.id': paymentId,
    });
    expect(find(spans, 'notify', 'SERVER').attributes).toMatchObject({
      'order.id': orderId,
      'http.response.status_code': 202,
    });
    const clients = spans.filter((span) => span.service === 'gateway' && span.kind === 'CLIENT');
    expect(clients.map((span) => span.attributes['service.peer.name'])).toEqual([
      'auth',
      'inventory',
      'payment',
      'notify',
    ]);
  });

  test('describes its database transaction by the semantic conventions, without values', async () => {
    const { spans } = await checkout(TABLE, 'card_ok', 14);
    const { attributes } = find(spans, 'inventory', 'CLIENT');
    expect(attributes).toMatchObject({
      'db.system.name': 'sqlite',
      'db.namespace': 'stock',
      'db.collection.name': 'products',
      'db.operation.name': 'BATCH',
      'db.query.summary': 'SELECT products; UPDATE products; INSERT reservations',
    });
    expect(attributes['db.query.text']).toContain('VALUES (?, ?, ?)');
    expect(attributes['db.query.text']).not.toContain('oak-table');
  });

  test('waits longest for the acquirer', async () => {
    const { spans } = await checkout(TABLE, 'card_ok', 14);
    const waited = spans.find((span) => span.name === 'authorize with acquirer')?.durationMs ?? 0;
    expect(waited).toBeGreaterThanOrEqual(249);
    expect(waited / find(spans, 'gateway', 'SERVER').durationMs).toBeGreaterThan(0.5);
  });

  test('has its receipt sent in another trace that is linked to it', async () => {
    const { body, spans } = await checkout(TABLE, 'card_ok', 14);
    const producer = find(spans, 'notify', 'PRODUCER');
    const isItsJob = (span: SeenSpan): boolean => span.links.some((link) => link.spanId === producer.spanId);
    await until(() => sink.spans.some(isItsJob));
    const job = sink.spans.find(isItsJob)!;
    expect(job).toMatchObject({ service: 'notify', kind: 'CONSUMER', name: 'process receipt', parentId: '' });
    expect(job.traceId).not.toBe(producer.traceId);
    expect(job.links).toEqual([{ traceId: producer.traceId, spanId: producer.spanId }]);
    expect(job.attributes).toMatchObject({
      'order.id': body['orderId'],
      'messaging.operation.type': 'process',
      'messaging.message.id': producer.attributes['messaging.message.id'],
    });
  });
});

describe('an error shows on the trace', () => {
  test('401 without a token that counts', async () => {
    const [header, payload] = DEMO_TOKEN.split('.');
    const { status, body, spans } = await checkout(TABLE, 'card_ok', 4, `${header}.${payload}.AAAA`);
    expect([status, body['type']]).toEqual([401, 'urn:longpole:problem:unauthenticated']);
    expect(drawTree(spans)).toEqual(CHECKOUT_TREE.slice(0, 4));
    expectErrors(spans, ['gateway CLIENT POST'], 401);
  });

  test('422 with a quantity of -1: on the cart, and nobody is called', async () => {
    const { status, body, spans } = await checkout({ ...TABLE, quantity: -1 }, 'card_ok', 2);
    expect([status, body['type']]).toEqual([422, 'urn:longpole:problem:invalid-input']);
    expect(drawTree(spans)).toEqual(CHECKOUT_TREE.slice(0, 2));
    expectErrors(spans, ['gateway INTERNAL validate_cart'], 422);
    expect(spans.at(-1)?.exceptions[0]).toContain('#/items/0/quantity');
  });

  test.each([
    [404, 'unknown-product', { ...TABLE, productId: 'unicorn' }],
    [409, 'not-enough-stock', { productId: 'sold-out-vase', quantity: 1, price: 25 }],
  ])('%d for what can not be had: %s', async (expected, code, item) => {
    const { status, body, spans } = await checkout(item, 'card_ok', 7);
    expect([status, body['type']]).toEqual([expected, `urn:longpole:problem:${code}`]);
    expect(drawTree(spans)).toEqual(CHECKOUT_TREE.slice(0, 7));
    expectErrors(spans, ['gateway CLIENT POST', 'inventory CLIENT reserve stock'], expected);
  });

  test('402 for a declined card: with the release, and the stock as it was', async () => {
    const before = await stockOf('oak-table');
    const { status, body, spans } = await checkout(TABLE, 'card_declined', 14);
    expect([status, body['type']]).toEqual([402, 'urn:longpole:problem:card-declined']);
    expect(drawTree(spans)).toEqual([...CHECKOUT_TREE.slice(0, 11), ...RELEASE_TREE]);
    expectErrors(spans, ['gateway CLIENT POST', 'gateway INTERNAL process_payment'], 402);
    expect(await stockOf('oak-table')).toBe(before);
  });

  test('503 for a payment that fails: on both sides, with the release', async () => {
    await setFaults('payment', { failureRate: 1 });
    const { status, spans } = await checkout(TABLE, 'card_ok', 14);
    await setFaults('payment', {});
    expect(status).toBe(503);
    expect(drawTree(spans)).toEqual([...CHECKOUT_TREE.slice(0, 11), ...RELEASE_TREE]);
    expectErrors(
      spans,
      [
        'gateway CLIENT POST',
        'gateway INTERNAL process_payment',
        'gateway SERVER POST /api/checkout',
        'payment INTERNAL authorize with acquirer',
        'payment SERVER POST /charges',
      ],
      503,
    );
  });

  test('503 for a payment that hangs: given up, released, and not charged behind the back', async () => {
    const before = await stockOf('oak-table');
    await setFaults('payment', { hang: true });
    const { status, body, spans } = await checkout(TABLE, 'card_ok', 14);
    await setFaults('payment', {});
    expect(status).toBe(503);
    expect(body['detail']).toContain('payment did not answer within 2000 ms');
    expect(drawTree(spans)).toEqual([...CHECKOUT_TREE.slice(0, 11), ...RELEASE_TREE]);
    expect(await stockOf('oak-table')).toBe(before);
    const orderId = String(find(spans, 'gateway', 'SERVER').attributes['order.id']);
    expect((await fetch(`${services!.urls.of('payment')}/charges/${orderId}`)).status).toBe(404);
  });
});

/** The spans in error are exactly these, and the gateway's SERVER span has the status the customer got. */
function expectErrors(spans: readonly SeenSpan[], expected: readonly string[], status: number): void {
  const inError = spans
    .filter((span) => span.isError)
    .map((span) => `${span.service} ${span.kind} ${span.name}`);
  expect(inError.sort()).toEqual([...expected].sort());
  expect(find(spans, 'gateway', 'SERVER').attributes['http.response.status_code']).toBe(status);
}

async function stockOf(productId: string): Promise<number> {
  const answer = await fetch(`${services!.urls.of('inventory')}/products/${productId}`);
  return ((await answer.json()) as { available: number }).available;
}

async function setFaults(service: string, faults: object): Promise<void> {
  const answer = await fetch(`${services!.urls.of(service)}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  expect(answer.status).toBe(200);
}
