// DELETE /reservations/{id}: puts the items of an order back on the shelves; asking twice does no harm.
import { attributesOf, Problem } from '@longpole/demo-chassis';
import { annotate } from '@longpole/express';
import type { RequestHandler } from 'express';
import type { InventoryParts } from './app.ts';
import { inDatabaseSpan } from './database-span.ts';
import { GIVE_BACK_PRODUCTS, RELEASE_RESERVATION } from './stock-statements.ts';

const STATEMENTS = [RELEASE_RESERVATION, GIVE_BACK_PRODUCTS];

export function releaseStock({ faults, stock }: InventoryParts): RequestHandler<{ id: string }> {
  return function releaseStockHandler(req, res) {
    const { id } = req.params;
    annotate(attributesOf(faults, { 'order.id': id }));
    const outcome = inDatabaseSpan('release stock', STATEMENTS, () => stock.release(id));
    if (outcome === 'unknown') throw unknownReservation(id);
    res.status(204).end();
  };
}

function unknownReservation(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-reservation',
    title: 'There is no such reservation',
    detail: `Nothing is reserved under ${JSON.stringify(id)}.`,
  });
}
