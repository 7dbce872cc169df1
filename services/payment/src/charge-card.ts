// POST /charges: charges a card; the same Idempotency-Key with the same body gets the same answer and no second charge.
import { attributesOf, callerGone, checkInput, type Faults, Problem } from '@longpole/demo-chassis';
import { annotate } from '@longpole/express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Cashier } from './cashier.ts';
import type { Charge } from './charge.ts';

const input = z
  .strictObject({
    orderId: z.string().min(1).max(100),
    userId: z.string().min(1).max(100),
    amount: z.number().positive().max(1_000_000).multipleOf(0.01),
    currency: z.literal('EUR'),
    card: z.string().regex(/^card_\w{1,40}$/, 'Must be a demo card such as card_ok or card_declined'),
  })
  .transform(({ amount, ...order }) => ({ ...order, amountCents: Math.round(amount * 100) }));

export function chargeCard(faults: Faults, cashier: Cashier): RequestHandler {
  return async function chargeCardHandler(req, res) {
    const key = readKey(req.get('idempotency-key'));
    const order = checkInput(input, req.body);
    annotate(attributesOf(faults, { 'order.id': order.orderId }));
    const { charge, isReplay } = await cashier.charge(key, order, callerGone(res));
    annotate(attributesOf(faults, { 'payment.id': charge.paymentId }));
    if (isReplay) res.set('idempotent-replayed', 'true');
    if (charge.outcome === 'declined') throw declined(charge);
    res
      .status(201)
      .json({ paymentId: charge.paymentId, orderId: charge.orderId, amount: charge.amountCents / 100 });
  };
}

function readKey(key: string | undefined): string {
  if (key !== undefined && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem({
    status: 400,
    code: 'idempotency-key-missing',
    title: 'The charge has no usable Idempotency-Key',
    detail: `Received ${JSON.stringify(key ?? null)}: send an Idempotency-Key header of 1 to 255 visible ASCII characters, a new one for each charge.`,
  });
}

function declined(charge: Charge): Problem {
  return new Problem({
    status: 402,
    code: 'card-declined',
    title: 'The card was declined',
    detail: `The charge of ${(charge.amountCents / 100).toFixed(2)} EUR was declined: ${charge.reason}.`,
  });
}
