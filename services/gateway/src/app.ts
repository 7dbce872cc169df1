// The gateway: the edge of the mesh, which takes a checkout and calls the other four for it.
import { allowOnly, createServiceApp, noisy, type ServiceParts } from '@longpole/demo-chassis';
import type { Express } from 'express';
import { postCheckout } from './post-checkout.ts';
import type { Upstreams } from './upstreams.ts';

export interface GatewayParts extends ServiceParts {
  readonly upstreams: Upstreams;
}

export function createApp(parts: GatewayParts): Express {
  return createServiceApp({ ...parts, readiness: parts.upstreams.readiness }, (app) => {
    app
      .route('/api/checkout')
      .post(noisy(parts.faults, postCheckout(parts)))
      .all(allowOnly('POST'));
  });
}
