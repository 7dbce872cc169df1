// Makes spans and exports them as ExportingProcess asks, through the processor and exporter of `startTracing`.

import { chooseExporters } from '../../../src/start/exporters.ts';
import type { Env, Fill, Order, Report } from '../support/exporting-process.ts';
import { shipped, type Traced } from '../support/traced.ts';

let current: Traced | undefined;
let currentEnv: Env = {};

process.on('message', (order: Order) => {
  const start = performance.now();
  void carryOut(order).then(() => {
    if (current === undefined) return;
    const { processor, outcomes } = current;
    const report: Report = {
      stats: processor.stats(),
      outcomes,
      isAway: processor.isAway,
      tookMs: performance.now() - start,
    };
    process.send?.(report);
  });
});

async function carryOut(order: Order): Promise<void> {
  if (order.do === 'start') await start(order);
  else if (order.do === 'make') make(order.count, order.name ?? 'work', order.attributes);
  else if (order.do === 'forceFlush') await current?.processor.forceFlush();
  else if (order.do === 'shutdown') await current?.processor.shutdown();
}

async function start({ url, limits, env }: Extract<Order, { do: 'start' }>): Promise<void> {
  for (const name of Object.keys(currentEnv)) delete process.env[name];
  Object.assign(process.env, env);
  currentEnv = env;
  const [chosen] = chooseExporters({ endpoint: url }) ?? [];
  if (chosen === undefined) throw new Error('the environment of the test asks for other exporters');
  current = shipped(chosen.shipping, limits);
}

function make(count: number, name: string, fill: Fill = { count: 0, length: 0 }): void {
  const attributes = Object.fromEntries(
    Array.from({ length: fill.count }, (_, i) => [`attribute ${i}`, 'x'.repeat(fill.length)]),
  );
  for (let i = 0; i < count; i += 1) current?.tracer.startSpan(`${name} ${i}`, { attributes }).end();
}
