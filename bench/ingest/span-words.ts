// What the spans of the benchmark are called and the ten attributes that each of them has.
import type { Attributes } from '@opentelemetry/api';
import type { Random } from './random.ts';

/** One service of the mesh: what it is asked and what it calls. */
export interface Hop {
  readonly service: string;
  readonly method: string;
  readonly routes: readonly [string, ...string[]];
  /** Name of its outgoing span: a call to the next service, or to a database. */
  readonly callName: string;
  readonly peer: string;
}

/** In the order of a request's way through them. */
export const HOPS: readonly Hop[] = [
  {
    service: 'storefront',
    method: 'POST',
    routes: [
      '/checkout',
      '/cart/:cartId/items',
      '/wishlist/:listId',
      '/search',
      '/account/:accountId/orders',
    ],
    callName: 'POST',
    peer: 'orders',
  },
  {
    service: 'orders',
    method: 'POST',
    routes: ['/orders', '/orders/:orderId/lines', '/quotes/:quoteId'],
    callName: 'PUT',
    peer: 'inventory',
  },
  {
    service: 'inventory',
    method: 'PUT',
    routes: ['/reservations/:sku', '/warehouses/:warehouseId/stock'],
    callName: 'POST',
    peer: 'payments',
  },
  {
    service: 'payments',
    method: 'POST',
    routes: ['/charges', '/refunds/:chargeId', '/authorizations'],
    callName: 'SELECT ledger.entries',
    peer: 'ledger-db',
  },
];

const AGENTS = [
  'axios/1.21.1',
  'node',
  'undici',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
] as const;
const STATEMENT =
  'SELECT id, account, amount, currency FROM ledger.entries WHERE account = $1 AND booked_at > $2';

/** An exception, as the span of a failed request records it. */
export const ERROR_EVENT = {
  message: 'connect ECONNREFUSED 10.12.3.4:5432',
  attributes: {
    'exception.type': 'Error',
    'exception.message': 'connect ECONNREFUSED 10.12.3.4:5432',
    'exception.stacktrace': `Error: connect ECONNREFUSED 10.12.3.4:5432\n${'    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)\n'.repeat(8)}`,
  },
} as const;

export function routeOf(hop: Hop, random: Random): string {
  return random.pick(hop.routes);
}

/** The ten attributes of a span named `name`. */
export function attributesOf(hop: Hop, isServer: boolean, name: string, random: Random): Attributes {
  const entity = random.hex(8);
  if (isServer) {
    const route = name.slice(name.indexOf(' ') + 1);
    return {
      'http.request.method': hop.method,
      'http.route': route,
      'http.response.status_code': random.next() < 0.95 ? 200 : 404,
      'url.scheme': 'http',
      'url.path': route.replace(/:\w+/, entity),
      'server.address': `${hop.service}.internal`,
      'server.port': 8080,
      'user_agent.original': random.pick(AGENTS),
      'client.address': `10.${random.below(32)}.${random.below(256)}.${random.below(256)}`,
      'enduser.id': `user-${random.below(50_000)}`,
    };
  }
  if (hop.peer.endsWith('-db')) {
    return {
      'db.system.name': 'postgresql',
      'db.namespace': 'ledger',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'ledger.entries',
      'db.query.text': STATEMENT,
      'db.response.returned_rows': random.below(200),
      'server.address': `${hop.peer}.internal`,
      'server.port': 5432,
      'network.peer.address': `10.12.3.${random.below(256)}`,
      'app.cost': random.next(),
    };
  }
  return {
    'http.request.method': name,
    'http.response.status_code': 200,
    'url.full': `http://${hop.peer}.internal:8080/${hop.peer}/${entity}?fresh=true`,
    'server.address': `${hop.peer}.internal`,
    'server.port': 8080,
    'network.peer.address': `10.${random.below(32)}.4.${random.below(256)}`,
    'network.peer.port': 8080,
    'network.protocol.version': '1.1',
    'http.request.resend_count': random.below(3),
    'app.cached': random.next() < 0.5,
  };
}
