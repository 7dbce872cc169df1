// The books: balanced whatever is recorded, and there again after a restart.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '@longpole/demo-chassis/testing';
import fc from 'fast-check';
import type { Charge } from '../src/charge.ts';
import { openLedger } from '../src/ledger.ts';

function chargeOf(key: string, changes: Partial<Charge> = {}): Charge {
  return {
    key,
    paymentId: `pay-${key}`,
    orderId: 'order-1',
    amountCents: 100,
    outcome: 'captured',
    reason: '',
    fingerprint: 'f',
    ...changes,
  };
}

describe('the ledger', () => {
  test('balances to zero, and holds what was captured', () => {
    const charges = fc.array(
      fc.record({
        amountCents: fc.integer({ min: 1, max: 100_000_000 }),
        outcome: fc.constantFrom('captured' as const, 'declined' as const),
      }),
    );
    fc.assert(
      fc.property(charges, (list) => {
        const ledger = openLedger(undefined, new ManualClock());
        for (const [index, changes] of list.entries()) ledger.record(chargeOf(String(index), changes));
        const captured = list.filter((each) => each.outcome === 'captured');
        const { customer, shop } = ledger.balances();
        expect(shop).toBe(captured.reduce((sum, each) => sum + each.amountCents, 0));
        expect(customer + shop).toBe(0);
        ledger.close();
      }),
      { numRuns: 40 },
    );
  });

  test('refuses a second charge under a key and keeps the first', () => {
    const ledger = openLedger(undefined, new ManualClock());
    ledger.record(chargeOf('k'));
    expect(() => ledger.record(chargeOf('k', { paymentId: 'pay-2', amountCents: 5 }))).toThrow('UNIQUE');
    expect(ledger.find('k')).toEqual(chargeOf('k'));
    expect(ledger.balances().shop).toBe(100);
    ledger.close();
  });

  test('is there again after a restart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-'));
    const first = openLedger(folder, new ManualClock());
    first.record(chargeOf('k', { outcome: 'declined', reason: 'no money' }));
    first.close();
    const second = openLedger(folder, new ManualClock());
    expect(second.find('k')).toEqual(chargeOf('k', { outcome: 'declined', reason: 'no money' }));
    second.close();
    rmSync(folder, { recursive: true });
  });
});
