// Turns a cart into an order: reserves, pays, notifies; what was reserved for a payment that failed is released.
import { type Faults, Problem } from '@longpole/demo-chassis';
import { annotate } from '@longpole/express';
import { DependencyUnavailable } from './dependency-unavailable.ts';
import { processPayment } from './process-payment.ts';
import type { Upstreams } from './upstreams.ts';
import type { Cart } from './validate-cart.ts';

export interface Order {
  readonly orderId: string;
  readonly userId: string;
  readonly cart: Cart;
}

export interface OrderTools {
  readonly faults: Faults;
  readonly upstreams: Upstreams;
}

export interface PlacedOrder {
  readonly paymentId: string;
  /** `unavailable` when notify could not take it: the card is charged by then, so the order stands. */
  readonly receipt: 'queued' | 'unavailable';
}

export async function placeOrder({ faults, upstreams }: OrderTools, order: Order): Promise<PlacedOrder> {
  await reserve(upstreams, order);
  const paymentId = await pay({ faults, upstreams }, order);
  return { paymentId, receipt: await notify(upstreams, order) };
}

async function reserve(upstreams: Upstreams, { orderId, cart }: Order): Promise<void> {
  const { totalCents } = await upstreams.reserveStock(orderId, cart.items).catch(async (error: unknown) => {
    if (error instanceof DependencyUnavailable && error.mayHaveHappened) await release(upstreams, orderId);
    throw error;
  });
  if (totalCents === cart.totalCents) return;
  await release(upstreams, orderId);
  throw priceChanged(cart.totalCents, totalCents);
}

async function pay({ faults, upstreams }: OrderTools, order: Order): Promise<string> {
  try {
    return await processPayment(upstreams, faults, order);
  } catch (error) {
    await release(upstreams, order.orderId);
    throw error;
  }
}

async function notify(
  upstreams: Upstreams,
  { orderId, userId, cart }: Order,
): Promise<'queued' | 'unavailable'> {
  try {
    await upstreams.notify({ orderId, userId, totalCents: cart.totalCents });
    return 'queued';
  } catch (error) {
    annotate({ 'receipt.error': describe(error) });
    return 'unavailable';
  }
}

/** Never fails: what made the release necessary is what the caller must hear. */
async function release(upstreams: Upstreams, orderId: string): Promise<void> {
  try {
    await upstreams.releaseStock(orderId);
  } catch (error) {
    annotate({ 'reservation.release_error': describe(error) });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function priceChanged(seenCents: number, actualCents: number): Problem {
  return new Problem({
    status: 409,
    code: 'price-changed',
    title: 'A price has changed',
    detail: `The cart says ${toEuro(seenCents)} EUR, the shop says ${toEuro(actualCents)} EUR: GET /products of the inventory lists the prices.`,
  });
}

function toEuro(cents: number): string {
  return (cents / 100).toFixed(2);
}
