// Charges an order exactly once by its key: replays what is in the books, joins what is under way, authorizes the rest.
import { randomUUID } from 'node:crypto';
import { attributesOf, type Faults, Problem } from '@longpole/demo-chassis';
import { withSpan } from '@longpole/express';
import { type Acquirer, AcquirerBusy, type Authorization } from './acquirer.ts';
import { type Charge, type ChargeOrder, fingerprintOf } from './charge.ts';
import { type Ledger, LedgerLocked } from './ledger.ts';
import { createShareWork } from './share-work.ts';

const MAX_ATTEMPTS = 3;

export interface Cashier {
  /**
   * Rejects with a 422 `idempotency-key-reused` Problem when the key belongs to another order.
   * When `signal` aborts before the bank has answered, nothing is charged and the key stays free.
   */
  charge(
    key: string,
    order: ChargeOrder,
    signal: AbortSignal,
  ): Promise<{ charge: Charge; isReplay: boolean }>;
}

export interface CashierParts {
  readonly acquirer: Acquirer;
  readonly faults: Faults;
  readonly ledger: Ledger;
}

export function createCashier({ acquirer, faults, ledger }: CashierParts): Cashier {
  const shareWork = createShareWork<Charge>();

  async function authorize(key: string, order: ChargeOrder, signal: AbortSignal): Promise<Charge> {
    const answer = await askUntilAnswered((attempt) => {
      const attributes = attributesOf(faults, { 'order.id': order.orderId, 'payment.attempt': attempt });
      return withSpan('authorize with acquirer', attributes, () =>
        acquirer.authorize(order.card, signal, attempt),
      );
    });
    const charge: Charge = {
      key,
      paymentId: `pay-${randomUUID()}`,
      orderId: order.orderId,
      amountCents: order.amountCents,
      outcome: answer.isApproved ? 'captured' : 'declined',
      reason: answer.isApproved ? '' : answer.reason,
      fingerprint: fingerprintOf(order),
    };
    record(charge);
    return charge;
  }

  function record(charge: Charge): void {
    if (faults.has('swallowed-error')) failSilently(charge);
    else ledger.record(charge);
  }

  /** The card is charged, the books know nothing of it, and the answer is a good one. */
  function failSilently({ orderId }: Charge): void {
    try {
      withSpan('record charge', attributesOf(faults, { 'order.id': orderId }), () => {
        throw new LedgerLocked('The books are locked');
      });
    } catch (error) {
      if (!(error instanceof LedgerLocked)) throw error;
    }
  }

  return {
    async charge(key, order, signal) {
      let isReplay = true;
      const charge =
        ledger.find(key) ??
        (await shareWork(key, signal, (shared) => {
          isReplay = false;
          return authorize(key, order, shared);
        }));
      if (charge.fingerprint !== fingerprintOf(order)) throw reusedKey(key);
      return { charge, isReplay };
    },
  };
}

/** Asks again at once while the acquirer is busy; the last attempt's failure is the caller's. */
async function askUntilAnswered(ask: (attempt: number) => Promise<Authorization>): Promise<Authorization> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(attempt);
    } catch (error) {
      if (!(error instanceof AcquirerBusy) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function reusedKey(key: string): Problem {
  return new Problem({
    status: 422,
    code: 'idempotency-key-reused',
    title: 'This Idempotency-Key belongs to another charge',
    detail: `The key ${JSON.stringify(key)} was used with another body: take a new key for a new charge.`,
  });
}
