// The notify service: takes notifications at once and sends the receipts later.
import { allowOnly, createServiceApp, noisy, type ServiceParts } from '@longpole/demo-chassis';
import type { Express } from 'express';
import { acceptNotification } from './accept-notification.ts';
import type { Outbox } from './outbox.ts';
import { showNotification } from './show-notification.ts';
import type { Worker } from './worker.ts';

export interface NotifyParts extends ServiceParts {
  readonly outbox: Outbox;
  readonly worker: Pick<Worker, 'wake'>;
}

export function createApp(parts: NotifyParts): Express {
  const readiness = { outbox: () => parts.outbox.msUntilNextDue() };
  return createServiceApp({ ...parts, readiness }, (app) => {
    app
      .route('/notifications')
      .post(noisy(parts.faults, acceptNotification(parts)))
      .all(allowOnly('POST'));
    app.route('/notifications/:id').get(showNotification(parts)).all(allowOnly('GET'));
  });
}
