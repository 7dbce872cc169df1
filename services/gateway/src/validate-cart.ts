// Checks the cart and adds it up, in a span of its own.
import { attributesOf, checkInput, type Faults, forEachItem } from '@longpole/demo-chassis';
import { withSpan } from '@longpole/express';
import { z } from 'zod';
import type { Item } from './upstreams.ts';

const MAX_TOTAL_CENTS = 100_000_000;

const line = z.strictObject({
  productId: z.string().regex(/^[\w-]{1,64}$/, 'Must be a product id of letters, digits, - and _'),
  quantity: z.number().int().min(1).max(1_000),
  price: z.number().positive().max(100_000).multipleOf(0.01),
});

const cartInput = z
  .strictObject({
    items: z.array(line).min(1).max(50),
    card: z.string().regex(/^card_\w{1,40}$/, 'Must be a demo card such as card_ok or card_declined'),
  })
  .refine((cart) => sum(cart.items.map(toCents)) <= MAX_TOTAL_CENTS, {
    path: ['items'],
    message: 'The cart may cost at most 1 000 000 EUR',
  });

/** A cart that adds up. */
export interface Cart {
  readonly items: readonly Item[];
  readonly card: string;
  readonly pieces: number;
  /** By the prices the customer saw. */
  readonly totalCents: number;
}

/** Rejects with a 422 `invalid-input` Problem. `work` is what validating takes beside the checks. */
export function validateCart(body: unknown, faults: Faults, work: () => Promise<void>): Promise<Cart> {
  return withSpan('validate_cart', async (span) => {
    const { items, card } = checkInput(cartInput, body);
    const cart = {
      items: items.map(({ productId, quantity }) => ({ productId, quantity })),
      card,
      pieces: sum(forEachItem(faults, 'count pieces', items, ({ quantity }) => quantity)),
      totalCents: sum(forEachItem(faults, 'add up', items, toCents)),
    };
    const attributes = { 'cart.items': cart.pieces, 'cart.total': cart.totalCents / 100 };
    span.setAttributes(attributesOf(faults, attributes));
    await work();
    return cart;
  });
}

function toCents({ quantity, price }: z.output<typeof line>): number {
  return quantity * Math.round(price * 100);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
