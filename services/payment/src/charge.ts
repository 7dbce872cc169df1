// What a charge is: the order to pay for, and how the charge ended.
import { createHash } from 'node:crypto';

export interface ChargeOrder {
  readonly orderId: string;
  readonly userId: string;
  readonly amountCents: number;
  readonly card: string;
}

export interface Charge {
  /** The caller's Idempotency-Key. */
  readonly key: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly amountCents: number;
  readonly outcome: 'captured' | 'declined';
  /** Why it was declined; empty when it was captured. */
  readonly reason: string;
  /** Tells whether another request under the same key asks for the same. */
  readonly fingerprint: string;
}

/** The same for the same order, and different for any other. */
export function fingerprintOf({ orderId, userId, amountCents, card }: ChargeOrder): string {
  return createHash('sha256')
    .update(JSON.stringify([orderId, userId, amountCents, card]))
    .digest('hex');
}
