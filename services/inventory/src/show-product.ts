// GET /products/{id}: one product, its price, and how much of it is there.
import type { RequestHandler } from 'express';
import type { InventoryParts } from './app.ts';
import { type Product, unknownProduct } from './reservation-rules.ts';

export function showProduct({ stock }: InventoryParts): RequestHandler<{ id: string }> {
  return function showProductHandler(req, res) {
    const product = stock.findProduct(req.params.id);
    if (!product) throw unknownProduct(req.params.id);
    res.json(toProductAnswer(product));
  };
}

export function toProductAnswer(product: Product): Record<string, string | number> {
  const { id, name, priceCents, available } = product;
  return { id, name, price: priceCents / 100, currency: 'EUR', available };
}
