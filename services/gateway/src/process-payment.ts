// Has the card charged, in a span of its own.
import { attributesOf, type Faults } from '@longpole/demo-chassis';
import { withSpan } from '@longpole/express';
import type { Order } from './place-order.ts';
import type { Upstreams } from './upstreams.ts';

/** The payment's id. Rejects with a 402 `card-declined` or a 503 `dependency-unavailable` Problem. */
export function processPayment(
  upstreams: Upstreams,
  faults: Faults,
  { orderId, userId, cart }: Order,
): Promise<string> {
  return withSpan('process_payment', async (span) => {
    const { paymentId } = await upstreams.charge({
      orderId,
      userId,
      totalCents: cart.totalCents,
      card: cart.card,
    });
    span.setAttributes(attributesOf(faults, { 'payment.id': paymentId }));
    return paymentId;
  });
}
