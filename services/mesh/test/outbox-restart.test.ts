// notify killed in the middle of its work: what it accepted is sent exactly once after a restart, in a linked trace.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import type { MemberProcess } from '../src/member-process.ts';
import { OtlpSink, type SeenSpan } from './otlp-sink.ts';
import { type RunningServices, runServices } from './running-services.ts';

const ORDERS = Array.from({ length: 40 }, (_, index) => `order-${index}`);
/** `LONGPOLE_KILLS=50` makes the long run of it. */
const KILLS = Number(process.env['LONGPOLE_KILLS'] ?? 3);
const LOOP_DEADLINE_MS = 60_000 + KILLS * 10_000;
const SPAN_ID = 'b7ad6b7169203331';
const sink = new OtlpSink();
let folder: string;
let running: RunningServices | undefined;

beforeEach(async () => {
  sink.spans.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
  await sink.start();
});

afterEach(async () => {
  await running?.stop();
  await sink.stop();
  rmSync(folder, { recursive: true });
});

const traceIdOf = (orderId: string): string => Buffer.from(orderId.padEnd(16, '-')).toString('hex');

/** Resolves with whether the notification was accepted; a cut connection means that nobody knows. */
async function notify(orderId: string): Promise<boolean> {
  try {
    const answer = await fetch(`${running?.urls.of('notify')}/notifications`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${traceIdOf(orderId)}-${SPAN_ID}-01`,
      },
      body: JSON.stringify({ orderId, userId: 'ada', total: 1, currency: 'EUR' }),
    });
    return answer.status === 202;
  } catch {
    return false;
  }
}

function receiptsByOrder(): Map<string, number> {
  const rows = inDatabase((database) =>
    database
      .prepare(
        'SELECT order_id, count(*) AS n FROM receipts JOIN notifications ON id = notification_id GROUP BY order_id',
      )
      .all(),
  );
  return new Map(rows.map((row) => [String(row['order_id']), Number(row['n'])]));
}

function inDatabase<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(folder, 'outbox.sqlite'), { timeout: 5_000 });
  const result = work(database);
  database.close();
  return result;
}

async function startNotify(): Promise<MemberProcess> {
  running = await runServices(sink.url, { DATA_DIR: folder }, ['notify']);
  return running.members.get('notify')!;
}

async function kill(member: MemberProcess): Promise<void> {
  process.kill(member.pid!, 'SIGKILL');
  expect(await member.ended).toBe('was ended by SIGKILL');
}

test('what was accepted but not sent before a kill -9 is sent once after it, in traces linked to the requests', async () => {
  const before = await startNotify();
  withoutPaper(true);
  expect(await Promise.all(ORDERS.map(notify))).toEqual(ORDERS.map(() => true));
  await until(() => before.lastLines().some((line) => line.includes('no paper')));
  await kill(before);
  withoutPaper(false);
  expect(receiptsByOrder().size).toBe(0);
  sink.spans.length = 0;

  await startNotify();
  await until(() => receiptsByOrder().size === ORDERS.length);
  expect([...receiptsByOrder().values()]).toEqual(ORDERS.map(() => 1));
  const sent = (): SeenSpan[] => sink.spans.filter((span) => span.kind === 'CONSUMER' && !span.isError);
  await until(() => sent().length === ORDERS.length);
  expect(new Set(sent().map((job) => job.links[0]?.traceId))).toEqual(new Set(ORDERS.map(traceIdOf)));
  expect(new Set(sent().map((job) => job.traceId)).size).toBe(ORDERS.length);
}, 60_000);

test('a kill -9 in the middle of it all loses nothing that was accepted and sends nothing twice', async () => {
  const before = await startNotify();
  const answers = ORDERS.map(notify);
  await Promise.any(
    answers.map(async (answer) => (await answer) || Promise.reject(new Error('not accepted'))),
  );
  await kill(before);
  const outcomes = await Promise.all(answers);
  const accepted = ORDERS.filter((_orderId, index) => outcomes[index]);

  await startNotify();
  await until(() => accepted.every((orderId) => receiptsByOrder().has(orderId)));
  expect([...receiptsByOrder().values()].every((count) => count === 1)).toBe(true);
}, 60_000);

test(
  `after ${KILLS} times kill -9 between accept and receipt, under load, each receipt was sent once, in a linked trace`,
  async () => {
    let member = await startNotify();
    for (let round = 0; round < KILLS; round += 1) {
      withoutPaper(true);
      const orders = Array.from({ length: 12 }, (_, index) => `order-${round}-${index}`);
      const accepted = acceptUnderLoad(orders);
      await accepted.half;
      await kill(member);
      const known = await accepted.all;
      expect(known.length).toBeGreaterThanOrEqual(orders.length / 2);
      expect(known.filter((orderId) => receiptsByOrder().has(orderId))).toEqual([]);
      withoutPaper(false);
      member = await startNotify();
      await until(() => known.every((orderId) => receiptsByOrder().has(orderId)));
      await until(() => [...receiptsByOrder().keys()].every((orderId) => sentJobsOf(orderId).length > 0));
    }
    await running?.stop();
    const receipts = receiptsByOrder();
    expect(receipts.size).toBeGreaterThanOrEqual(KILLS * 6);
    expect([...receipts.values()]).toEqual([...receipts].map(() => 1));
    const linksOf = (orderId: string): unknown => sentJobsOf(orderId).map((job) => job.links[0]?.traceId);
    expect([...receipts.keys()].map(linksOf)).toEqual([...receipts.keys()].map((id) => [traceIdOf(id)]));
  },
  LOOP_DEADLINE_MS,
);

/** Twelve requests at once: `half` resolves when six are accepted, `all` with those that were when all is over. */
function acceptUnderLoad(orders: readonly string[]): { half: Promise<void>; all: Promise<string[]> } {
  const half = Promise.withResolvers<void>();
  const accepted: string[] = [];
  const all = orders.map(async (orderId) => {
    if (!(await notify(orderId))) return;
    if (accepted.push(orderId) === orders.length / 2) half.resolve();
  });
  return { half: half.promise, all: Promise.all(all).then(() => accepted) };
}

/** While there is no paper, every receipt fails and its job waits for another attempt. */
function withoutPaper(isOut: boolean): void {
  const change = isOut
    ? "CREATE TRIGGER broken BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'no paper'); END"
    : 'DROP TRIGGER broken';
  inDatabase((database) => database.exec(change));
}

/** The jobs that ended well, by their order: a receipt is written by one of them. */
function sentJobsOf(orderId: string): SeenSpan[] {
  return sink.spans.filter(
    (span) => span.kind === 'CONSUMER' && !span.isError && span.attributes['order.id'] === orderId,
  );
}
