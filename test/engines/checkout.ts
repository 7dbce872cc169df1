// Sends the checkout that the README shows as a curl.
import { GATEWAY } from './addresses.ts';

const DEMO_TOKEN =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJpc3MiOiJsb25ncG9sZS1kZW1vIiwiYXVkIjoiY2hlY2tvdXQiLCJpYXQiOjE3NjcyMjU2MDAsImV4cCI6NDEwMjQ0NDgwMH0.o1qUsqLFnanoINryG1VeIuuKFI24Ssa9zw9o8v2fgP0';

const CART = [
  { productId: 'oak-table', quantity: 1, price: 120 },
  { productId: 'desk-lamp', quantity: 2, price: 39.9 },
];

/** What the gateway answered; `traceparts` are the fields of the `traceresponse` header. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  traceId: string;
  traceparts: string[];
}

/** One checkout with the demo's token, paid with `card`. */
export async function checkout(card = 'card_ok'): Promise<Answer> {
  const response = await fetch(`${GATEWAY}/api/checkout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items: CART, card }),
    signal: AbortSignal.timeout(20_000),
  });
  const body = (await response.json()) as Record<string, unknown>;
  const traceparts = (response.headers.get('traceresponse') ?? '').split('-');
  return { status: response.status, body, traceId: String(body['traceId']), traceparts };
}
