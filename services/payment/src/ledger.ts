// The books in SQLite: every charge once by its key, every captured cent as a pair of entries that add up to zero.
import { type Clock, inTransaction, openDatabase } from '@longpole/demo-chassis';
import type { Charge } from './charge.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS charges (
    key TEXT PRIMARY KEY,
    payment_id TEXT NOT NULL UNIQUE,
    order_id TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('captured', 'declined')),
    reason TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    recorded_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    payment_id TEXT NOT NULL REFERENCES charges (payment_id),
    account TEXT NOT NULL CHECK (account IN ('customer', 'shop')),
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (payment_id, account)
  ) STRICT;
`;

/** The books can't be written now. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

export interface Ledger {
  find(key: string): Charge | undefined;
  /** Records a charge, and its two entries when it was captured, in one transaction. Throws for a known key. */
  record(charge: Charge): void;
  /** Cents by account, over all charges. */
  balances(): { customer: number; shop: number };
  close(): void;
}

/** `dataDir` undefined keeps the books in memory. */
export function openLedger(dataDir: string | undefined, clock: Clock): Ledger {
  const database = openDatabase('ledger', dataDir, SCHEMA);
  const select = database.prepare('SELECT * FROM charges WHERE key = ?');
  const insertCharge = database.prepare('INSERT INTO charges VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertEntry = database.prepare('INSERT INTO entries VALUES (?, ?, ?)');
  const sum = database.prepare(
    'SELECT coalesce(sum(amount_cents), 0) AS cents FROM entries WHERE account = ?',
  );
  const balance = (account: string): number => Number(sum.get(account)?.['cents']);

  return {
    find: (key) => {
      const row = select.get(key);
      return row && toCharge(row);
    },
    record: (charge) =>
      inTransaction(database, () => {
        const { key, paymentId, orderId, amountCents, outcome, reason, fingerprint } = charge;
        const recordedAt = new Date(clock.now()).toISOString();
        insertCharge.run(key, paymentId, orderId, amountCents, outcome, reason, fingerprint, recordedAt);
        if (outcome === 'declined') return;
        insertEntry.run(paymentId, 'customer', -amountCents);
        insertEntry.run(paymentId, 'shop', amountCents);
      }),
    balances: () => ({ customer: balance('customer'), shop: balance('shop') }),
    close: () => database.close(),
  };
}

function toCharge(row: Record<string, unknown>): Charge {
  return {
    key: String(row['key']),
    paymentId: String(row['payment_id']),
    orderId: String(row['order_id']),
    amountCents: Number(row['amount_cents']),
    outcome: row['outcome'] === 'captured' ? 'captured' : 'declined',
    reason: String(row['reason']),
    fingerprint: String(row['fingerprint']),
  };
}
