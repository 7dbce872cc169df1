// Each mistake with tracing and each fault, switched on in the real services: visible on the trace, and gone when off.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { DEMO_TOKEN } from '../src/demo-checkout.ts';
import { drawTree, OtlpSink, type SeenSpan } from './otlp-sink.ts';
import { type RunningServices, runServices } from './running-services.ts';

const CART = [
  { productId: 'desk-lamp', quantity: 2, price: 39.9 },
  { productId: 'oak-table', quantity: 1, price: 120 },
  { productId: 'wool-rug', quantity: 1, price: 89 },
];
const SERVICES = ['gateway', 'auth', 'inventory', 'payment', 'notify'];
const WHOLE = 14;
const UPSTREAM_TIMEOUT_MS = 2_000;
const sink = new OtlpSink();
let folder: string;
let services: RunningServices;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
  await sink.start();
  services = await runServices(sink.url, {
    FAULTS: 'on',
    DATA_DIR: folder,
    UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS),
  });
}, 60_000);

afterAll(async () => {
  await services?.stop();
  await sink.stop();
  rmSync(folder, { recursive: true });
}, 30_000);

beforeEach(() => {
  sink.spans.length = 0;
});

afterEach(async () => {
  await Promise.all(SERVICES.map((name) => setFaults(name, {})));
});

async function setFaults(service: string, faults: object): Promise<void> {
  const answer = await fetch(`${services.urls.of(service)}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  expect([service, answer.status, await answer.json()]).toEqual([
    service,
    200,
    expect.objectContaining(faults),
  ]);
}

interface Checkout {
  readonly status: number;
  readonly traceId: string;
  readonly orderId: string;
}

async function checkout(items: readonly object[] = CART): Promise<Checkout> {
  const answer = await fetch(`${services.urls.gateway}/api/checkout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items, card: 'card_ok' }),
  });
  const { traceId, orderId } = (await answer.json()) as Omit<Checkout, 'status'>;
  return { status: answer.status, traceId, orderId };
}

const isRoot = (span: SeenSpan): boolean => span.kind === 'SERVER' && span.service === 'gateway';

/** The spans of the job that sends the receipt of an order, an attempt each. */
const jobsOf = ({ orderId }: Checkout): SeenSpan[] =>
  sink.spans.filter((span) => span.kind === 'CONSUMER' && span.attributes['order.id'] === orderId);

/** The trace once its root and `count` spans are there. */
async function wholeTrace({ traceId }: Checkout, count = WHOLE): Promise<SeenSpan[]> {
  await until(() => sink.ofTrace(traceId).some(isRoot) && sink.ofTrace(traceId).length >= count);
  return sink.ofTrace(traceId);
}

/** A checkout with nothing switched on is the whole trace, and its receipt is linked to it. */
async function expectSound(): Promise<void> {
  const sound = await checkout();
  expect(sound.status).toBe(201);
  const spans = await wholeTrace(sound);
  expect(drawTree(spans)).toHaveLength(WHOLE);
  expect(spans.filter((span) => span.parentId === '')).toHaveLength(1);
  expect(spans.find(isRoot)?.attributes).toMatchObject({ 'user.id': 'ada', 'order.id': sound.orderId });
  await until(() => jobsOf(sound).length > 0);
  expect(jobsOf(sound).map((job) => job.links[0]?.traceId)).toEqual([sound.traceId]);
}

/** How many spans there were, also where a run of the same span was folded into one. */
function countOf(spans: readonly SeenSpan[]): number {
  return spans.reduce((sum, span) => sum + Number(span.attributes['longpole.folded.count'] ?? 1), 0);
}

describe('the mistake', () => {
  test('propagation: a call with nothing below it, and payment in a trace of its own', async () => {
    await setFaults('gateway', { mistake: 'propagation' });
    const broken = await checkout();
    expect(broken.status).toBe(201);
    const spans = await wholeTrace(broken, WHOLE - 2);
    await until(() => sink.spans.filter(({ service }) => service === 'payment').length === 2);
    const call = spans.find(({ attributes }) => attributes['service.peer.name'] === 'payment');
    expect(call).toMatchObject({ service: 'gateway', kind: 'CLIENT' });
    expect(spans.filter((span) => span.parentId === call?.spanId)).toEqual([]);
    expect(spans.some(({ service }) => service === 'payment')).toBe(false);
    const payment = sink.spans.filter(({ service }) => service === 'payment');
    expect(drawTree(payment)).toEqual([
      'payment SERVER POST /charges',
      '  payment INTERNAL authorize with acquirer',
    ]);
    expect(payment.find(({ kind }) => kind === 'SERVER')?.parentId).toBe('');

    await setFaults('gateway', {});
    await expectSound();
  });

  test('sampling: most failed checkouts leave no trace', async () => {
    await setFaults('gateway', { mistake: 'sampling' });
    const failed = await Promise.all(
      Array.from({ length: 40 }, () => checkout([{ productId: 'unicorn', quantity: 1, price: 1 }])),
    );
    expect(failed.map(({ status }) => status)).toEqual(failed.map(() => 404));
    expect(new Set(failed.map(({ traceId }) => traceId)).size).toBe(40);

    await setFaults('gateway', {});
    await expectSoundAfter(failed);
  });

  /** Whatever the failed checkouts left came before the sound one. */
  async function expectSoundAfter(failed: readonly Checkout[]): Promise<void> {
    await wholeTrace(await checkout());
    const seen = failed.filter(({ traceId }) => sink.ofTrace(traceId).length > 0);
    expect(seen.length).toBeLessThan(10);
    const again = await checkout([{ productId: 'unicorn', quantity: 1, price: 1 }]);
    expect(await wholeTrace(again, 7)).toHaveLength(7);
  }

  test('noise: every middleware and every turn of a loop is a span', async () => {
    await Promise.all(SERVICES.map((name) => setFaults(name, { mistake: 'noise' })));
    const noisy = await checkout();
    expect(noisy.status).toBe(201);
    await until(() => countOf(sink.ofTrace(noisy.traceId)) > 2.5 * WHOLE);
    const spans = await wholeTrace(noisy);
    const names = new Set(spans.map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining(['middleware jsonParser', 'middleware chargeCardHandler', 'add up', 'poll']),
    );

    await Promise.all(SERVICES.map((name) => setFaults(name, {})));
    await expectSound();
  });

  test('attributes: no span says whose checkout it is, or of what', async () => {
    await Promise.all(SERVICES.map((name) => setFaults(name, { mistake: 'attributes' })));
    const spans = await wholeTrace(await checkout());
    const messageId = 'messaging.message.id';
    const sent = spans.find(({ kind }) => kind === 'PRODUCER')?.attributes[messageId];
    const isItsJob = (span: SeenSpan): boolean =>
      span.kind === 'CONSUMER' && span.attributes[messageId] === sent;
    await until(() => sink.spans.some(isItsJob));
    const own = /^(user|order|cart|payment|notification)\./;
    const named = [...spans, ...sink.spans.filter(isItsJob)].flatMap(({ attributes }) =>
      Object.keys(attributes),
    );
    expect(named).toContain('http.route');
    expect(named.filter((name) => own.test(name))).toEqual([]);
    const missing = spans.find(isRoot)?.attributes['longpole.missing_attributes'];
    expect(JSON.stringify(missing)).toMatch(/user\.id.*order\.id.*cart\.total/);

    await Promise.all(SERVICES.map((name) => setFaults(name, {})));
    await expectSound();
  });

  test('async: the receipt is in a trace without a link, and its error is lost', async () => {
    const sent = await brokenReceipt({ mistake: 'async' });
    expect(jobsOf(sent)).toMatchObject([{ isError: false, links: [], exceptions: [] }]);
    expect(sink.ofTrace(sent.traceId).map(({ kind }) => kind)).not.toContain('PRODUCER');

    const careful = await brokenReceipt({});
    const [failed] = jobsOf(careful);
    expect(failed).toMatchObject({ isError: true, exceptions: ['no paper'] });
    expect(failed?.links.map(({ traceId }) => traceId)).toEqual([careful.traceId]);
    await until(() => jobsOf(careful).some((job) => !job.isError));
    expect(jobsOf(sent)).toHaveLength(1);
    await expectSound();
  });

  /** A checkout whose receipt can't be written at its first attempt. */
  async function brokenReceipt(faults: object): Promise<Checkout> {
    await setFaults('notify', faults);
    inOutbox("CREATE TRIGGER broken BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'no paper'); END");
    const sent = await checkout();
    await until(() => jobsOf(sent).length > 0 && sink.ofTrace(sent.traceId).some(isRoot));
    inOutbox('DROP TRIGGER broken');
    return sent;
  }

  function inOutbox(statement: string): void {
    const database = new DatabaseSync(join(folder, 'outbox.sqlite'), { timeout: 5_000 });
    database.exec(statement);
    database.close();
  }
});

describe('the fault', () => {
  test('n-plus-one: a query for each line of the cart, one after the other', async () => {
    await setFaults('inventory', { fault: 'n-plus-one' });
    const spans = await wholeTrace(await checkout(), WHOLE + CART.length);
    const reads = spans.filter(({ name }) => name === 'read product');
    expect(countOf(reads)).toBe(CART.length);
    for (const read of reads) {
      expect(read).toMatchObject({ service: 'inventory', kind: 'CLIENT' });
      expect(read.attributes).toMatchObject({
        'db.operation.name': 'SELECT',
        'db.query.summary': 'SELECT products',
      });
      expect(read.attributes).not.toHaveProperty(['db.operation.batch.size']);
    }
    expect(new Set(reads.map(({ parentId }) => parentId)).size).toBe(1);

    await setFaults('inventory', {});
    await expectSound();
  });

  test('retry-storm: the acquirer is asked three times, and only the last one is good', async () => {
    await setFaults('payment', { fault: 'retry-storm' });
    const stormy = await checkout();
    expect(stormy.status).toBe(201);
    const spans = await wholeTrace(stormy, WHOLE + 2);
    const attempts = spans.filter(({ name }) => name === 'authorize with acquirer');
    expect(attempts.map(({ attributes, isError }) => [attributes['payment.attempt'], isError])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect(attempts[0]?.attributes['error.type']).toBe('AcquirerBusy');
    expect(spans.find(isRoot)?.isError).toBe(false);

    await setFaults('payment', {});
    await expectSound();
  });

  test('swallowed-error: a span fails inside a payment that is reported as made', async () => {
    await setFaults('payment', { fault: 'swallowed-error' });
    const wrong = await checkout();
    expect(wrong.status).toBe(201);
    const spans = await wholeTrace(wrong, WHOLE + 1);
    const failed = spans.filter(({ isError }) => isError);
    expect(failed).toMatchObject([
      { service: 'payment', name: 'record charge', exceptions: ['The books are locked'] },
    ]);
    expect((await fetch(chargeOf(wrong))).status).toBe(404);

    await setFaults('payment', {});
    await expectSound();
  });

  const chargeOf = ({ orderId }: Checkout): string => `${services.urls.of('payment')}/charges/${orderId}`;

  test('failure-rate: the error is where it began and on all above it', async () => {
    await setFaults('inventory', { failureRate: 1 });
    const failed = await checkout();
    expect(failed.status).toBe(503);
    await until(() =>
      sink.ofTrace(failed.traceId).some(({ service, isError }) => service === 'inventory' && isError),
    );
    await until(() => sink.ofTrace(failed.traceId).some(isRoot));
    const inError = sink.ofTrace(failed.traceId).filter(({ isError, kind }) => isError && kind === 'SERVER');
    expect(inError.map(({ service }) => service).sort()).toEqual(['gateway', 'inventory']);

    await setFaults('inventory', {});
    await expectSound();
  });

  test('hang: the caller gives up at its deadline, and so does the callee', async () => {
    await setFaults('payment', { hang: true });
    const given = await checkout();
    expect(given.status).toBe(503);
    await until(() =>
      sink.ofTrace(given.traceId).some(({ service, kind }) => service === 'payment' && kind === 'SERVER'),
    );
    await until(() => sink.ofTrace(given.traceId).some(isRoot));
    const inError = sink.ofTrace(given.traceId).filter(({ isError }) => isError);
    expect(inError.map(({ service, kind }) => `${service} ${kind}`)).toEqual(
      expect.arrayContaining(['gateway CLIENT', 'gateway SERVER', 'payment SERVER']),
    );
    expect(inError.find(isRoot)?.durationMs).toBeGreaterThanOrEqual(UPSTREAM_TIMEOUT_MS);

    await setFaults('payment', {});
    await expectSound();
  });

  test('lost-job: a receipt is handed over, and nobody takes it', async () => {
    await setFaults('notify', { fault: 'lost-job' });
    const lost = await checkout();
    const producer = (await wholeTrace(lost)).find(({ kind }) => kind === 'PRODUCER');
    await setFaults('notify', {});
    // The outbox is emptied in order: had it been kept, the lost job would come before the sound one.
    await expectSound();
    const links = sink.spans.flatMap((span) => span.links.map(({ spanId }) => spanId));
    expect(links).not.toContain(producer?.spanId);
    const id = String(producer?.attributes['messaging.message.id']);
    const answer = await fetch(`${services.urls.of('notify')}/notifications/${id}`);
    expect(await answer.json()).toMatchObject({ orderId: lost.orderId, state: 'queued' });
  });

  test('latency: payment takes as long as it is told to', async () => {
    const waited = async (): Promise<number> => {
      const spans = await wholeTrace(await checkout());
      return spans.find(({ name }) => name === 'authorize with acquirer')?.durationMs ?? 0;
    };
    await setFaults('payment', { latencyMs: 900 });
    const slowMs = await waited();
    expect(slowMs).toBeGreaterThanOrEqual(899);
    await setFaults('payment', {});
    expect(await waited()).toBeLessThan(slowMs);
  });
});
