// The worker: every receipt once, tried again when it fails, given up in the end, and found again after a restart.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Faults } from '@longpole/demo-chassis';
import { ManualClock, until } from '@longpole/demo-chassis/testing';
import { type Outbox, openOutbox } from '../src/outbox.ts';
import { startWorker, type Worker } from '../src/worker.ts';

const NOTE = { orderId: 'order-1', userId: 'ada', totalCents: 19_980 };
const FROM = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const RECEIPT = 'Dear ada, thank you for order order-1: 199.80 EUR.';
let clock: ManualClock;
let outbox: Outbox;
let faults: Faults;
let worker: Worker | undefined;
const log = { error: jest.fn() };

beforeEach(() => {
  clock = new ManualClock(1_000_000);
  outbox = openOutbox(undefined, clock);
  faults = new Faults({ service: 'notify', latencyMs: 0 });
  log.error.mockClear();
});

afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  outbox.close();
});

const failFirst = (failures: number) => {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls <= failures) throw new Error('the printer is out of paper');
    return `receipt after ${calls} calls`;
  };
};

describe('the worker', () => {
  test('sends what waits when it starts', async () => {
    outbox.add(NOTE, () => FROM);
    worker = startWorker({ outbox, clock, faults, log });
    await until(() => outbox.receiptsOf('order-1').length === 1);
    expect(outbox.receiptsOf('order-1')).toEqual([RECEIPT]);
    expect(outbox.msUntilNextDue()).toBeUndefined();
  });

  test('sends what comes when it is woken, every order once', async () => {
    worker = startWorker({ outbox, clock, faults, log });
    const orders = Array.from({ length: 25 }, (_, index) => `order-${index}`);
    for (const orderId of orders) {
      outbox.add({ ...NOTE, orderId }, () => FROM);
      worker.wake();
      worker.wake();
    }
    await until(() => outbox.msUntilNextDue() === undefined);
    for (const orderId of orders) expect(outbox.receiptsOf(orderId)).toHaveLength(1);
  });

  test('tries again after 1, 2 and 4 seconds', async () => {
    const { id } = outbox.add(NOTE, () => FROM);
    worker = startWorker({ outbox, clock, faults, log, write: failFirst(3) });
    for (const [index, seconds] of [1, 2, 4].entries()) {
      await until(() => clock.sleeping === 1);
      expect(outbox.msUntilNextDue()).toBe(seconds * 1_000);
      expect(outbox.nextDue()).toBeUndefined();
      expect(log.error).toHaveBeenCalledTimes(index + 1);
      clock.advance(seconds * 1_000);
    }
    await until(() => outbox.find(id)?.state === 'sent');
    expect(outbox.receiptsOf('order-1')).toEqual(['receipt after 4 calls']);
    expect(log.error.mock.calls[0]).toEqual([
      { err: new Error('the printer is out of paper'), order_id: 'order-1', attempt: 1, max_attempts: 8 },
      'receipt failed',
    ]);
  });

  test('gives up after eight attempts and says so in the state', async () => {
    const { id } = outbox.add(NOTE, () => FROM);
    worker = startWorker({ outbox, clock, faults, log, write: failFirst(Number.POSITIVE_INFINITY) });
    for (let attempt = 1; attempt < 8; attempt += 1) {
      await until(() => clock.sleeping === 1);
      clock.advance(60_000);
    }
    await until(() => outbox.find(id)?.state === 'failed');
    expect(outbox.msUntilNextDue()).toBeUndefined();
    expect(log.error).toHaveBeenCalledTimes(8);
  });

  test('does not let one receipt that fails hold up the others', async () => {
    outbox.add({ ...NOTE, orderId: 'order-bad' }, () => FROM);
    outbox.add({ ...NOTE, orderId: 'order-good' }, () => FROM);
    const write = ({ notification }: { notification: { orderId: string } }): string => {
      if (notification.orderId === 'order-bad') throw new Error('no');
      return 'good';
    };
    worker = startWorker({ outbox, clock, faults, log, write });
    await until(() => outbox.receiptsOf('order-good').length === 1);
    expect(outbox.receiptsOf('order-bad')).toEqual([]);
  });

  test('lets the receipt under way end when it is stopped, and begins no other', async () => {
    outbox.add(NOTE, () => FROM);
    outbox.add({ ...NOTE, orderId: 'order-2' }, () => FROM);
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const write = async (): Promise<string> => {
      begun.resolve();
      await go.promise;
      return 'slow';
    };
    worker = startWorker({ outbox, clock, faults, log, write });
    await begun.promise;
    const stopped = worker.stop();
    go.resolve();
    await stopped;
    expect(outbox.receiptsOf('order-1')).toEqual(['slow']);
    expect(outbox.receiptsOf('order-2')).toEqual([]);
  });
});

describe('the outbox', () => {
  test('keeps a job, its context and its attempts over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-'));
    const before = openOutbox(folder, clock);
    before.add(NOTE, () => FROM);
    before.postpone(before.nextDue()!, 500);
    before.close();

    const after = openOutbox(folder, clock);
    expect(after.nextDue()).toBeUndefined();
    clock.advance(500);
    expect(after.nextDue()).toMatchObject({ from: FROM, attempt: 2, notification: { orderId: 'order-1' } });
    worker = startWorker({ outbox: after, clock, faults, log });
    await until(() => after.receiptsOf('order-1').length === 1);
    await worker.stop();
    after.close();
    rmSync(folder, { recursive: true });
  });

  test('writes a receipt and ends the job together, or neither', () => {
    outbox.add(NOTE, () => FROM);
    const job = outbox.nextDue()!;
    outbox.complete(job, 'first');
    expect(() => outbox.complete(job, 'second')).toThrow('UNIQUE');
    expect(outbox.receiptsOf('order-1')).toEqual(['first']);
  });
});
