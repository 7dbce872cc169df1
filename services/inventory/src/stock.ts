// The stock in SQLite: a reservation takes all of its items or none, and takes them once.
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, openDatabase } from '@longpole/demo-chassis';
import { changedReservation, type Item, mergeItems, type Product, priceItems } from './reservation-rules.ts';
import { STOCK_SCHEMA } from './stock-schema.ts';
import * as sql from './stock-statements.ts';

export interface Reservation {
  readonly totalCents: number;
  /** True when the same reservation was made before and nothing was taken this time. */
  readonly isReplay: boolean;
}

export interface Stock {
  listProducts(): Product[];
  findProduct(id: string): Product | undefined;
  /**
   * Takes `items` from the shelves under the caller's `id`. Throws a Problem: 404 `unknown-product`,
   * 409 `not-enough-stock`, 409 `reservation-changed` for a known id with other items or a released one.
   */
  reserve(id: string, items: readonly Item[]): Reservation;
  /** Puts the items back. `already` when that was done before, `unknown` for an id nobody reserved. */
  release(id: string): 'released' | 'already' | 'unknown';
  close(): void;
}

/** `dataDir` undefined keeps the stock in memory. */
export function openStock(dataDir: string | undefined): Stock {
  const database = openDatabase('stock', dataDir, STOCK_SCHEMA);
  const selectAll = database.prepare(sql.SELECT_ALL_PRODUCTS.text);
  const select = database.prepare(sql.SELECT_PRODUCTS.text);
  return {
    listProducts: () => selectAll.all().map(toProduct),
    findProduct: (id) => select.all(JSON.stringify([id])).map(toProduct)[0],
    reserve: reserveIn(database),
    release: releaseIn(database),
    close: () => database.close(),
  };
}

function reserveIn(database: DatabaseSync): Stock['reserve'] {
  const find = database.prepare(sql.SELECT_RESERVATION.text);
  const select = database.prepare(sql.SELECT_PRODUCTS.text);
  const take = database.prepare(sql.TAKE_PRODUCTS.text);
  const insert = database.prepare(sql.INSERT_RESERVATION.text);

  return (id, items) => {
    const wanted = mergeItems(items);
    const text = JSON.stringify(wanted);
    return inTransaction(database, () => {
      const known = find.get(id);
      if (known) {
        if (known['items'] !== text || known['released'] === 1) throw changedReservation(id);
        return { totalCents: Number(known['total_cents']), isReplay: true };
      }
      const products = select.all(JSON.stringify(wanted.map((item) => item.productId))).map(toProduct);
      const totalCents = priceItems(wanted, products);
      take.run(text);
      insert.run(id, text, totalCents);
      return { totalCents, isReplay: false };
    });
  };
}

function releaseIn(database: DatabaseSync): Stock['release'] {
  const find = database.prepare(sql.SELECT_RESERVATION.text);
  const markReleased = database.prepare(sql.RELEASE_RESERVATION.text);
  const giveBack = database.prepare(sql.GIVE_BACK_PRODUCTS.text);

  return (id) =>
    inTransaction(database, () => {
      const released = markReleased.get(id);
      if (!released) return find.get(id) ? 'already' : 'unknown';
      giveBack.run(String(released['items']));
      return 'released';
    });
}

function toProduct(row: Record<string, unknown>): Product {
  return {
    id: String(row['id']),
    name: String(row['name']),
    priceCents: Number(row['price_cents']),
    available: Number(row['available']),
  };
}
