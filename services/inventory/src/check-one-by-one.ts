// The fault `n-plus-one`: looks at the products of an order with a query for each line, where one would do for all.
import type { Faults } from '@longpole/demo-chassis';
import { inDatabaseSpan } from './database-span.ts';
import { type Item, priceItems } from './reservation-rules.ts';
import type { Stock } from './stock.ts';
import { SELECT_PRODUCTS } from './stock-statements.ts';

/** What a query takes on its way to a database on another machine and back. */
const ROUND_TRIP_MS = 40;

/** Throws a 404 or 409 Problem for the first line that can't be had. */
export async function checkOneByOne(faults: Faults, stock: Stock, items: readonly Item[]): Promise<void> {
  for (const item of items) {
    await inDatabaseSpan('read product', [SELECT_PRODUCTS], async () => {
      await faults.pause(ROUND_TRIP_MS);
      const product = stock.findProduct(item.productId);
      priceItems([item], product === undefined ? [] : [product]);
    });
  }
}
