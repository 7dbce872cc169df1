// POST /api/checkout: validates the cart, then auth, inventory, payment and notify, one after the other.
import { randomUUID } from 'node:crypto';
import { attributesOf, doWork } from '@longpole/demo-chassis';
import { annotate, currentTrace } from '@longpole/express';
import type { RequestHandler } from 'express';
import type { GatewayParts } from './app.ts';
import { placeOrder } from './place-order.ts';
import { readToken } from './read-token.ts';
import { validateCart } from './validate-cart.ts';

export function postCheckout({ faults, upstreams }: GatewayParts): RequestHandler {
  return async function postCheckoutHandler(req, res) {
    const orderId = `order-${randomUUID()}`;
    annotate(attributesOf(faults, { 'order.id': orderId }));
    const token = readToken(req.get('authorization'));
    const cart = await validateCart(req.body, faults, () => doWork(faults, res));
    annotate(attributesOf(faults, { 'cart.total': cart.totalCents / 100 }));
    const { userId } = await upstreams.verifySession(token);
    annotate(attributesOf(faults, { 'user.id': userId }));
    const { paymentId, receipt } = await placeOrder({ faults, upstreams }, { orderId, userId, cart });
    res.status(201).json({
      orderId,
      status: 'confirmed',
      items: cart.pieces,
      total: cart.totalCents / 100,
      currency: 'EUR',
      paymentId,
      receipt,
      traceId: currentTrace()?.traceId,
    });
  };
}
