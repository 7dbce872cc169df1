// The payment service: charges cards once and keeps the books.
import { allowOnly, createServiceApp, noisy, type ServiceParts } from '@longpole/demo-chassis';
import type { Express } from 'express';
import type { Acquirer } from './acquirer.ts';
import { createCashier } from './cashier.ts';
import { chargeCard } from './charge-card.ts';
import type { Ledger } from './ledger.ts';
import { showCharge } from './show-charge.ts';

export interface PaymentParts extends ServiceParts {
  readonly ledger: Ledger;
  readonly acquirer: Acquirer;
}

export function createApp(parts: PaymentParts): Express {
  const cashier = createCashier(parts);
  const readiness = { ledger: () => parts.ledger.balances() };
  return createServiceApp({ ...parts, readiness }, (app) => {
    app
      .route('/charges')
      .post(noisy(parts.faults, chargeCard(parts.faults, cashier)))
      .all(allowOnly('POST'));
    app.route('/charges/:key').get(showCharge(parts)).all(allowOnly('GET'));
  });
}
