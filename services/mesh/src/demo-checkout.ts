// The documented checkout: one command, one token that never runs out, one cart.

import { callHttp } from './call-http.ts';

/** User ada, signed with the demo's public secret, valid until the year 2100. */
export const DEMO_TOKEN =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJpc3MiOiJsb25ncG9sZS1kZW1vIiwiYXVkIjoiY2hlY2tvdXQiLCJpYXQiOjE3NjcyMjU2MDAsImV4cCI6NDEwMjQ0NDgwMH0.o1qUsqLFnanoINryG1VeIuuKFI24Ssa9zw9o8v2fgP0';

const CART = {
  items: [
    { productId: 'oak-table', quantity: 1, price: 120 },
    { productId: 'desk-lamp', quantity: 2, price: 39.9 },
  ],
  card: 'card_ok',
};

/** The command a reader can paste. */
export function curlOf(gatewayUrl: string): string {
  return [
    `curl -sS ${gatewayUrl}/api/checkout`,
    `-H 'authorization: Bearer ${DEMO_TOKEN}'`,
    "-H 'content-type: application/json'",
    `-d '${JSON.stringify(CART)}'`,
  ].join(' \\\n  ');
}

export interface CheckoutAnswer {
  readonly status: number;
  readonly durationMs: number;
  readonly traceId: string | undefined;
  /** Whether the gateway recorded the trace. True also when it does not say, in the `traceresponse` header. */
  readonly isSampled: boolean;
  /** The order's id, or what went wrong. */
  readonly summary: string;
}

/** Sends the checkout, or one of another cart. Rejects when the gateway gives no answer at all. */
export async function sendCheckout(
  gatewayUrl: string,
  stop: AbortSignal,
  cart: object = CART,
): Promise<CheckoutAnswer> {
  const startedAt = performance.now();
  const answer = await callHttp(`${gatewayUrl}/api/checkout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(cart),
    signal: stop,
  });
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  return {
    status: answer.status,
    durationMs: performance.now() - startedAt,
    traceId: typeof body['traceId'] === 'string' ? body['traceId'] : undefined,
    isSampled: isSampled(answer.headers['traceresponse']),
    summary: String(body['orderId'] ?? body['detail'] ?? ''),
  };
}

/** Reads the sampled flag of a `traceresponse` (W3C Trace Context level 3). */
function isSampled(traceresponse: string | readonly string[] | undefined): boolean {
  const flags = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-([\da-f]{2})$/.exec(String(traceresponse))?.[1];
  return flags === undefined || Number.parseInt(flags, 16) % 2 === 1;
}
