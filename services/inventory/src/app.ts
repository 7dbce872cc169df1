// The inventory service: knows the products and reserves them for orders.
import { allowOnly, createServiceApp, noisy, type ServiceParts } from '@longpole/demo-chassis';
import type { Express } from 'express';
import { listProducts } from './list-products.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';
import { showProduct } from './show-product.ts';
import type { Stock } from './stock.ts';

export interface InventoryParts extends ServiceParts {
  readonly stock: Stock;
}

export function createApp(parts: InventoryParts): Express {
  const readiness = { stock: () => parts.stock.listProducts() };
  return createServiceApp({ ...parts, readiness }, (app) => {
    app.route('/products').get(listProducts(parts)).all(allowOnly('GET'));
    app.route('/products/:id').get(showProduct(parts)).all(allowOnly('GET'));
    app
      .route('/reservations')
      .post(noisy(parts.faults, reserveStock(parts)))
      .all(allowOnly('POST'));
    app
      .route('/reservations/:id')
      .delete(noisy(parts.faults, releaseStock(parts)))
      .all(allowOnly('DELETE'));
  });
}
