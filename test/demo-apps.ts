// The five services of the demo in the process of the test, each on a port of its own, with work that takes no time.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TracingOptions, tracing } from '@longpole/express';
import { createApp as createAuth } from '../services/auth/src/app.ts';
import { DEMO_SECRET } from '../services/auth/src/demo.ts';
import { createSessions } from '../services/auth/src/sessions.ts';
import { systemClock } from '../services/chassis/src/index.ts';
import { testParts } from '../services/chassis/src/testing.ts';
import { createApp as createGateway } from '../services/gateway/src/app.ts';
import { createUpstreams } from '../services/gateway/src/upstreams.ts';
import { createApp as createInventory } from '../services/inventory/src/app.ts';
import { openStock } from '../services/inventory/src/stock.ts';
import { createApp as createNotify } from '../services/notify/src/app.ts';
import { openOutbox } from '../services/notify/src/outbox.ts';
import { startWorker } from '../services/notify/src/worker.ts';
import { createAcquirer } from '../services/payment/src/acquirer.ts';
import { createApp as createPayment } from '../services/payment/src/app.ts';
import { openLedger } from '../services/payment/src/ledger.ts';

type Express = ReturnType<typeof createAuth>;
type ServiceName = 'gateway' | 'auth' | 'inventory' | 'payment' | 'notify';

export interface DemoApps {
  readonly gateway: Express;
  /** Base URLs of the four behind the gateway. */
  readonly urls: Readonly<Record<Exclude<ServiceName, 'gateway'>, string>>;
  /** Has notify lose its jobs from now on. */
  loseJobs(): void;
  stop(): Promise<void>;
}

/** Starts them as their `main.ts` do, but for ports, latencies and what `trace` adds to the tracing of each. */
export async function startDemoApps(
  trace: Partial<Record<ServiceName, TracingOptions>> = {},
): Promise<DemoApps> {
  const partsOf = (service: ServiceName) => ({
    ...testParts(service),
    tracing: tracing({ service, ...trace[service] }),
  });
  const notifyParts = partsOf('notify');
  const outbox = openOutbox(undefined, systemClock);
  const worker = startWorker({
    outbox,
    clock: systemClock,
    faults: notifyParts.faults,
    log: { error: () => {} },
  });
  const ledger = openLedger(undefined, systemClock);
  const stock = openStock(undefined);
  const payment = partsOf('payment');
  const servers = {
    auth: await listen(createAuth({ ...partsOf('auth'), sessions: createSessions({ secret: DEMO_SECRET }) })),
    inventory: await listen(createInventory({ ...partsOf('inventory'), stock })),
    payment: await listen(createPayment({ ...payment, ledger, acquirer: createAcquirer(payment.faults) })),
    notify: await listen(createNotify({ ...notifyParts, outbox, worker })),
  };
  const urls = {
    auth: urlOf(servers.auth),
    inventory: urlOf(servers.inventory),
    payment: urlOf(servers.payment),
    notify: urlOf(servers.notify),
  };
  const upstreams = createUpstreams({ ...urls, timeoutMs: 5_000 });
  return {
    gateway: createGateway({ ...partsOf('gateway'), upstreams }),
    urls,
    loseJobs: () => notifyParts.faults.replace({ fault: 'lost-job' }),
    stop: async () => {
      await Promise.all(Object.values(servers).map(close));
      await worker.stop();
      for (const database of [outbox, ledger, stock]) database.close();
    },
  };
}

async function listen(app: Express): Promise<Server> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
