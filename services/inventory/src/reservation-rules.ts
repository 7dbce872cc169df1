// The rules of a reservation, apart from where the stock is kept: what items cost, and why they can't be had.
import { Problem } from '@longpole/demo-chassis';

export interface Item {
  readonly productId: string;
  /** Pieces, at least 1. */
  readonly quantity: number;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly priceCents: number;
  /** Pieces that can be reserved. */
  readonly available: number;
}

/** One item a product, sorted by product: the same wish always reads the same. */
export function mergeItems(items: readonly Item[]): Item[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/** What `items` cost. Throws a 404 or 409 Problem when one of them can't be had from `products`. */
export function priceItems(items: readonly Item[], products: readonly Product[]): number {
  const byId = new Map(products.map((product) => [product.id, product]));
  let totalCents = 0;
  for (const item of items) {
    const product = byId.get(item.productId);
    if (!product) throw unknownProduct(item.productId);
    if (product.available < item.quantity) throw notEnoughStock(product, item);
    totalCents += product.priceCents * item.quantity;
  }
  return totalCents;
}

export function unknownProduct(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-product',
    title: 'There is no such product',
    detail: `No product is called ${JSON.stringify(id)}: GET /products of the inventory lists them.`,
  });
}

export function changedReservation(id: string): Problem {
  return new Problem({
    status: 409,
    code: 'reservation-changed',
    title: 'This reservation was made before',
    detail: `Reservation ${JSON.stringify(id)} holds other items or was released: take a new id.`,
  });
}

function notEnoughStock(product: Product, item: Item): Problem {
  return new Problem({
    status: 409,
    code: 'not-enough-stock',
    title: 'There is not enough in stock',
    detail: `${item.quantity} × ${product.id} wanted, ${product.available} available.`,
  });
}
