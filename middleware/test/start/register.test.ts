// `node --import @longpole/express/register`: tracing for apps that know nothing of it, listening and stock.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultBackend } from './support/fault-backend.ts';
import { endAllApps, runApp } from './support/run-app.ts';

let backend: FaultBackend;

beforeEach(async () => {
  backend = await FaultBackend.start();
});

afterEach(async () => {
  await endAllApps();
  await backend.stop();
});

describe.each([
  ['an ES module', 'plain.mjs', '--import'],
  ['CommonJS', 'plain.cjs', '--require'],
  ['CommonJS, loaded by --import', 'plain.cjs', '--import'],
])('%s', (_what, app, flag) => {
  it('is traced with routes, listening and with the stock instrumentation', async () => {
    const [listening, stock] = await Promise.all([
      tracedRun(app, flag, 'listen'),
      tracedRun(app, flag, 'stock'),
    ]);
    expect(listening.said).toBe('longpole: tracing plain by listening to http, fetch and Express\n');
    expect(stock.said).toBe(
      'longpole: tracing plain with OpenTelemetry’s patches of http, fetch and Express\n',
    );
    for (const { names } of [listening, stock]) expect(names).toContain('GET /items/:id');
    expect(listening.names).not.toContain('request handler');
    expect(stock.names).toContain('request handler');
  });
});

/** Runs the app for two requests; what it says comes without the destination. */
async function tracedRun(app: string, flag: string, instrumentation: string) {
  const service = `plain-${instrumentation}`;
  const running = runApp(app, {
    nodeArguments: [flag, '@longpole/express/register'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: backend.url,
      OTEL_SERVICE_NAME: service,
      LONGPOLE_INSTRUMENTATION: instrumentation,
    },
  });
  const url = await running.url();
  expect(await (await fetch(`${url}/items/7`)).text()).toBe('done');
  await (await fetch(`${url}/exit`)).text();
  const { code, stderr } = await running.ended;
  expect(code).toBe(0);
  const spans = [...backend.spans.values()].filter((span) => span.service === service);
  return {
    said: stderr.replace(service, 'plain').replace(` → ${backend.url}/v1/traces`, ''),
    names: spans.map(({ name }) => name),
  };
}
