// Checks the cart and adds it up, in a span of its own.
import { checkInput } from '@longpole/demo-chassis';
import { withSpan } from '@longpole/express';
import { z } from 'zod';

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
  .transform(({ items, card }) => ({
    items: items.map(({ productId, quantity }) => ({ productId, quantity })),
    card,
    pieces: items.reduce((sum, item) => sum + item.quantity, 0),
    totalCents: items.reduce((sum, item) => sum + item.quantity * Math.round(item.price * 100), 0),
  }))
  .refine((cart) => cart.totalCents <= MAX_TOTAL_CENTS, {
    path: ['items'],
    message: 'The cart may cost at most 1 000 000 EUR',
  });

/** A cart that adds up. `totalCents` follows from the prices the customer saw. */
export type Cart = z.output<typeof cartInput>;

/** Rejects with a 422 `invalid-input` Problem. `work` is what validating takes beside the checks. */
export function validateCart(body: unknown, work: () => Promise<void>): Promise<Cart> {
  return withSpan('validate_cart', async (span) => {
    const cart = checkInput(cartInput, body);
    span.setAttributes({ 'cart.items': cart.pieces, 'cart.total': cart.totalCents / 100 });
    await work();
    return cart;
  });
}
