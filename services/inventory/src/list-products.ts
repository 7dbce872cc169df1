// GET /products: what the shop sells, at which price, and how much of it is there.
import type { RequestHandler } from 'express';
import type { InventoryParts } from './app.ts';
import { toProductAnswer } from './show-product.ts';

export function listProducts({ stock }: InventoryParts): RequestHandler {
  return function listProductsHandler(_req, res) {
    res.json({ products: stock.listProducts().map(toProductAnswer) });
  };
}
