// Starts the gateway.
import { millisecondsVariable, readVariable, runService, urlVariable } from '@longpole/demo-chassis';
import { createApp } from './app.ts';
import { createUpstreams } from './upstreams.ts';

await runService({
  service: 'gateway',
  port: 8080,
  latencyMs: 50,
  // The edge: whoever asks from outside may not decide what is sampled or put baggage into the calls.
  trustInbound: 'never',
  require: { 'POST /api/checkout': ['user.id', 'order.id', 'cart.total'] },
  create: ({ parts, variables }) => {
    const url = (name: string, port: number): string =>
      readVariable(variables, urlVariable(`${name}_URL`, `http://127.0.0.1:${port}`));
    const upstreams = createUpstreams({
      auth: url('AUTH', 8081),
      inventory: url('INVENTORY', 8082),
      payment: url('PAYMENT', 8083),
      notify: url('NOTIFY', 8084),
      losesContext: () => parts.faults.makes('propagation'),
      timeoutMs: readVariable(variables, millisecondsVariable('UPSTREAM_TIMEOUT_MS', 5_000)),
    });
    return { app: createApp({ ...parts, upstreams }) };
  },
});
