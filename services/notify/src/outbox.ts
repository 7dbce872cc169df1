// The outbox in SQLite: a notification and its job are written together, and a job ends together with its receipt.
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type Clock, inTransaction, openDatabase } from '@longpole/demo-chassis';
import type { CarriedContext } from '@longpole/express';
import { OUTBOX_SCHEMA } from './outbox-schema.ts';

export interface Notification {
  readonly id: string;
  readonly orderId: string;
  readonly userId: string;
  readonly totalCents: number;
  readonly state: 'queued' | 'sent' | 'failed';
}

export interface Job {
  readonly notification: Notification;
  /** Where the job comes from: the trace context of the PRODUCER span. */
  readonly from: CarriedContext;
  /** This attempt's number, from 1. */
  readonly attempt: number;
}

export type NewNotification = Pick<Notification, 'orderId' | 'userId' | 'totalCents'>;

export interface Outbox {
  /**
   * Writes the notification and its job in one transaction, with the context that `carry` returns for the job's id. An
   * order known already keeps its first notification and job.
   */
  add(
    notification: NewNotification,
    carry: (jobId: string) => CarriedContext,
  ): { id: string; isReplay: boolean };
  find(id: string): Notification | undefined;
  /** The job that has been due for longest, if one is due now. */
  nextDue(): Job | undefined;
  /** Milliseconds until the next job is due; undefined when there is none. */
  msUntilNextDue(): number | undefined;
  /** Writes the receipt and ends the job in one transaction: a receipt is there exactly once. */
  complete(job: Job, receipt: string): void;
  /** Puts the job off by `delayMs`. */
  postpone(job: Job, delayMs: number): void;
  /** Takes the job off the queue as if it were done: the notification stays queued for ever. */
  lose(job: Job): void;
  /** Ends the job without a receipt. */
  giveUp(job: Job): void;
  /** The receipts sent for an order. */
  receiptsOf(orderId: string): string[];
  close(): void;
}

/** `dataDir` undefined keeps the outbox in memory: then nothing survives a restart. */
export function openOutbox(dataDir: string | undefined, clock: Clock): Outbox {
  const database = openDatabase('outbox', dataDir, OUTBOX_SCHEMA);
  const find = database.prepare('SELECT * FROM notifications WHERE id = ?');
  const receipts = database.prepare(
    'SELECT text FROM receipts JOIN notifications ON id = notification_id WHERE order_id = ?',
  );
  return {
    add: addTo(database, clock),
    find: (id) => {
      const row = find.get(id);
      return row && toNotification(row);
    },
    ...jobsOf(database, clock),
    receiptsOf: (orderId) => receipts.all(orderId).map((row) => String(row['text'])),
    close: () => database.close(),
  };
}

function addTo(database: DatabaseSync, clock: Clock): Outbox['add'] {
  const findByOrder = database.prepare('SELECT id FROM notifications WHERE order_id = ?');
  const insert = database.prepare(
    "INSERT INTO notifications (id, order_id, user_id, total_cents, state) VALUES (?, ?, ?, ?, 'queued')",
  );
  const insertJob = database.prepare('INSERT INTO jobs (notification_id, context, due_at) VALUES (?, ?, ?)');

  return ({ orderId, userId, totalCents }, carry) =>
    inTransaction(database, () => {
      const known = findByOrder.get(orderId);
      const id = known === undefined ? `note-${randomUUID()}` : String(known['id']);
      const from = carry(id);
      if (known) return { id, isReplay: true };
      insert.run(id, orderId, userId, totalCents);
      insertJob.run(id, JSON.stringify(from), clock.now());
      return { id, isReplay: false };
    });
}

type JobMethods = Pick<Outbox, 'nextDue' | 'msUntilNextDue' | 'complete' | 'postpone' | 'lose' | 'giveUp'>;

function jobsOf(database: DatabaseSync, clock: Clock): JobMethods {
  const selectDue = database.prepare(
    'SELECT * FROM jobs JOIN notifications ON id = notification_id WHERE due_at <= ? ORDER BY due_at LIMIT 1',
  );
  const selectNext = database.prepare('SELECT min(due_at) AS due_at FROM jobs');
  const insertReceipt = database.prepare('INSERT INTO receipts (notification_id, text) VALUES (?, ?)');
  const setState = database.prepare('UPDATE notifications SET state = ? WHERE id = ?');
  const deleteJob = database.prepare('DELETE FROM jobs WHERE notification_id = ?');
  const delay = database.prepare(
    'UPDATE jobs SET attempts = attempts + 1, due_at = ? WHERE notification_id = ?',
  );
  const end = (id: string, state: Notification['state']): void => {
    setState.run(state, id);
    deleteJob.run(id);
  };

  return {
    nextDue: () => {
      const row = selectDue.get(clock.now());
      return row && toJob(row);
    },
    msUntilNextDue: () => {
      const dueAt = selectNext.get()?.['due_at'];
      return typeof dueAt === 'number' ? Math.max(0, dueAt - clock.now()) : undefined;
    },
    complete: ({ notification: { id } }, receipt) =>
      inTransaction(database, () => {
        insertReceipt.run(id, receipt);
        end(id, 'sent');
      }),
    postpone: ({ notification: { id } }, delayMs) => {
      delay.run(clock.now() + delayMs, id);
    },
    lose: ({ notification: { id } }) => {
      deleteJob.run(id);
    },
    giveUp: ({ notification: { id } }) => inTransaction(database, () => end(id, 'failed')),
  };
}

function toJob(row: Record<string, unknown>): Job {
  return {
    notification: toNotification(row),
    from: JSON.parse(String(row['context'])) as CarriedContext,
    attempt: Number(row['attempts']) + 1,
  };
}

function toNotification(row: Record<string, unknown>): Notification {
  return {
    id: String(row['id']),
    orderId: String(row['order_id']),
    userId: String(row['user_id']),
    totalCents: Number(row['total_cents']),
    state: row['state'] as Notification['state'],
  };
}
