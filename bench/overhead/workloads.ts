// The kinds of work that the tracers are compared on.

import type { Shot } from './load/connections.ts';

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** The file of the application, in `apps/`. */
  readonly app: string;
  /** Processes of the application behind the first one, which calls them. */
  readonly others: number;
  readonly shot: Omit<Shot, 'port'>;
  /** How many requests it answers before and while it is measured, beside the hop: what takes longer gets fewer. */
  readonly shareOfRequests: number;
}

export const HOP: Workload = {
  name: 'hop',
  title: 'A hop: three middlewares and one axios call',
  app: 'hop.cjs',
  others: 0,
  shot: { method: 'GET', path: '/orders/17?verbose=1' },
  shareOfRequests: 1,
};

/** For what is measured at a fixed number of spans; without a tracer it costs what a hop costs. */
export const INNER: Workload = {
  name: 'inner',
  title: 'A hop with three spans of the application inside',
  app: 'inner.cjs',
  others: 0,
  shot: { method: 'GET', path: '/orders/17?verbose=1' },
  shareOfRequests: 1,
};

export const INNER_SPANS = 5;

const CHECKOUT: Workload = {
  name: 'checkout',
  title: 'A checkout through five processes, without their waiting; processor time of all five',
  app: 'checkout.cjs',
  others: 4,
  shot: { method: 'POST', path: '/api/checkout', json: '{"order":"order-17"}' },
  shareOfRequests: 0.2,
};

const BIG: Workload = {
  name: 'big',
  title: 'A big application: 15 middlewares, 100 routes in nested routers, no calls',
  app: 'big.cjs',
  others: 0,
  shot: { method: 'GET', path: '/api/group7/acme/thing5/42' },
  shareOfRequests: 1,
};

const STREAM: Workload = {
  name: 'stream',
  title: 'Bodies of 64 kB, streamed in and out',
  app: 'stream.cjs',
  others: 0,
  shot: { method: 'POST', path: '/echo', bodyBytes: 65_536 },
  shareOfRequests: 0.6,
};

export const WORKLOADS: readonly Workload[] = [HOP, CHECKOUT, BIG, STREAM];
