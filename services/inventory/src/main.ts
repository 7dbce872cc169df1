// Starts the inventory service.
import { runService } from '@longpole/demo-chassis';
import { createApp } from './app.ts';
import { openStock } from './stock.ts';

await runService({
  service: 'inventory',
  port: 8082,
  latencyMs: 200,
  require: { 'POST /reservations': ['order.id'] },
  create: ({ environment, parts }) => {
    const stock = openStock(environment.dataDir);
    return { app: createApp({ ...parts, stock }), close: () => stock.close() };
  },
});
