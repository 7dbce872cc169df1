// GET /charges/{key}: how the charge under this Idempotency-Key ended.
import { Problem } from '@longpole/demo-chassis';
import type { RequestHandler } from 'express';
import type { PaymentParts } from './app.ts';

export function showCharge({ ledger }: PaymentParts): RequestHandler<{ key: string }> {
  return function showChargeHandler(req, res) {
    const charge = ledger.find(req.params.key);
    if (!charge) throw unknownCharge(req.params.key);
    const { paymentId, orderId, amountCents, outcome } = charge;
    res.json({ paymentId, orderId, amount: amountCents / 100, currency: 'EUR', outcome });
  };
}

function unknownCharge(key: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-charge',
    title: 'There is no such charge',
    detail: `Nothing was charged under the key ${JSON.stringify(key)}.`,
  });
}
