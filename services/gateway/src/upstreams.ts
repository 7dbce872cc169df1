// The four services the gateway calls, as functions: each takes and gives the gateway's own words.
import type { ReadinessChecks } from '@longpole/demo-chassis';
import { createClient } from '@longpole/express';
import { z } from 'zod';
import { type Call, DependencyUnavailable, toUpstreamProblem } from './dependency-unavailable.ts';
import { forgetful } from './forgetful-transport.ts';

export interface Item {
  readonly productId: string;
  readonly quantity: number;
}

export interface Bill {
  readonly orderId: string;
  readonly userId: string;
  readonly totalCents: number;
}

/** Every function rejects with the Problem to answer with. */
export interface Upstreams {
  /** 401 when the token does not count. */
  verifySession(token: string): Promise<{ userId: string }>;
  /** 404 for an unknown product, 409 when there is not enough of it. */
  reserveStock(orderId: string, items: readonly Item[]): Promise<{ totalCents: number }>;
  releaseStock(orderId: string): Promise<void>;
  /** 402 when the card is declined. The order's id is the Idempotency-Key. */
  charge(bill: Bill & { readonly card: string }): Promise<{ paymentId: string }>;
  notify(bill: Bill): Promise<void>;
  /** Whether each of the four is ready itself. */
  readonly readiness: ReadinessChecks;
}

export interface UpstreamsOptions {
  /** Base URLs. */
  readonly auth: string;
  readonly inventory: string;
  readonly payment: string;
  readonly notify: string;
  /** How long each call may take. */
  readonly timeoutMs: number;
  /** Whether payment is called without the trace headers. Defaults to never. */
  readonly losesContext?: () => boolean;
}

const session = z.object({ userId: z.string() });
const reservation = z.object({ total: z.number() });
const charge = z.object({ paymentId: z.string() });

export function createUpstreams(options: UpstreamsOptions): Upstreams {
  const { timeoutMs, losesContext = () => false, ...urls } = options;
  const clientOf = (service: keyof typeof urls) =>
    createClient({ service, baseURL: urls[service], timeoutMs, retries: 0 });
  const clients = {
    auth: clientOf('auth'),
    inventory: clientOf('inventory'),
    payment: clientOf('payment'),
    notify: clientOf('notify'),
  };
  const { auth, inventory, payment, notify } = clients;
  const call = (service: string, ...passOn: number[]): Call => ({ service, timeoutMs, passOn });

  return {
    verifySession: (token) => ask(call('auth', 401), session, () => auth.post('/sessions/verify', { token })),
    reserveStock: async (orderId, items) => {
      const { total } = await ask(call('inventory', 404, 409), reservation, () =>
        inventory.post('/reservations', { orderId, items }),
      );
      return { totalCents: Math.round(total * 100) };
    },
    releaseStock: async (orderId) => {
      await ask(call('inventory'), z.unknown(), () =>
        inventory.delete(`/reservations/${encodeURIComponent(orderId)}`),
      );
    },
    charge: (bill) =>
      ask(call('payment', 402), charge, () =>
        payment.post(
          '/charges',
          { orderId: bill.orderId, userId: bill.userId, ...toAmount('amount', bill), card: bill.card },
          {
            headers: { 'idempotency-key': bill.orderId },
            ...(losesContext() ? { transport: forgetful } : {}),
          },
        ),
      ),
    notify: async (bill) => {
      const { orderId, userId } = bill;
      await ask(call('notify'), z.unknown(), () =>
        notify.post('/notifications', { orderId, userId, ...toAmount('total', bill) }),
      );
    },
    readiness: Object.fromEntries(
      Object.entries(clients).map(([service, client]) => [service, () => client.get('/readyz')]),
    ),
  };
}

function toAmount(field: 'amount' | 'total', { totalCents }: Bill): Record<string, string | number> {
  return { [field]: totalCents / 100, currency: 'EUR' };
}

async function ask<T>(call: Call, schema: z.ZodType<T>, send: () => Promise<{ data: unknown }>): Promise<T> {
  const answer = await send().catch((error: unknown) => {
    throw toUpstreamProblem(call, error);
  });
  const checked = schema.safeParse(answer.data);
  if (checked.success) return checked.data;
  throw new DependencyUnavailable(call.service, 'gave an answer that makes no sense', true, checked.error);
}
