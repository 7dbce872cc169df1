// POST /reservations: takes the items of an order from the shelves, all of them or none.
import { attributesOf, checkInput, doWork } from '@longpole/demo-chassis';
import { annotate } from '@longpole/express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { InventoryParts } from './app.ts';
import { checkOneByOne } from './check-one-by-one.ts';
import { inDatabaseSpan } from './database-span.ts';
import { INSERT_RESERVATION, SELECT_PRODUCTS, TAKE_PRODUCTS } from './stock-statements.ts';

const input = z.strictObject({
  orderId: z.string().min(1).max(100),
  items: z
    .array(
      z.strictObject({
        productId: z.string().min(1).max(100),
        quantity: z.number().int().min(1).max(10_000),
      }),
    )
    .min(1)
    .max(100),
});

const STATEMENTS = [SELECT_PRODUCTS, TAKE_PRODUCTS, INSERT_RESERVATION];

export function reserveStock({ faults, stock }: InventoryParts): RequestHandler {
  return async function reserveStockHandler(req, res) {
    const { orderId, items } = checkInput(input, req.body);
    annotate(attributesOf(faults, { 'order.id': orderId }));
    await doWork(faults, res);
    if (faults.has('n-plus-one')) await checkOneByOne(faults, stock, items);
    const reservation = inDatabaseSpan('reserve stock', STATEMENTS, () => stock.reserve(orderId, items));
    res
      .status(reservation.isReplay ? 200 : 201)
      .location(`/reservations/${encodeURIComponent(orderId)}`)
      .json({ orderId, total: reservation.totalCents / 100, currency: 'EUR' });
  };
}
