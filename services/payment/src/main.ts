// Starts the payment service.
import { runService, systemClock } from '@longpole/demo-chassis';
import { createAcquirer } from './acquirer.ts';
import { createApp } from './app.ts';
import { openLedger } from './ledger.ts';

await runService({
  service: 'payment',
  port: 8083,
  latencyMs: 2_500,
  require: { 'POST /charges': ['order.id', 'payment.id'] },
  create: ({ environment, parts }) => {
    const ledger = openLedger(environment.dataDir, systemClock);
    return {
      app: createApp({ ...parts, ledger, acquirer: createAcquirer(parts.faults) }),
      close: () => ledger.close(),
    };
  },
});
