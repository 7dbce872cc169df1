// Starts the notify service: its routes and the worker that empties the outbox.
import { runService, systemClock } from '@longpole/demo-chassis';
import { createApp } from './app.ts';
import { openOutbox } from './outbox.ts';
import { startWorker } from './worker.ts';

await runService({
  service: 'notify',
  port: 8084,
  latencyMs: 220,
  require: { 'POST /notifications': ['order.id', 'notification.id'] },
  create: ({ environment, parts }) => {
    const outbox = openOutbox(environment.dataDir, systemClock);
    const worker = startWorker({ outbox, clock: systemClock, faults: parts.faults, log: parts.log });
    return {
      app: createApp({ ...parts, outbox, worker }),
      close: async () => {
        await worker.stop();
        outbox.close();
      },
    };
  },
});
