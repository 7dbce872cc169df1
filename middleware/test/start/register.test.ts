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
  it.each(['listen', 'stock'])('is traced with routes, instrumentation %s', async (instrumentation) => {
    const running = runApp(app, {
      nodeArguments: [flag, '@longpole/express/register'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: backend.url,
        OTEL_SERVICE_NAME: 'plain',
        LONGPOLE_INSTRUMENTATION: instrumentation,
      },
    });
    const url = await running.url();
    expect(await (await fetch(`${url}/items/7`)).text()).toBe('done');
    await (await fetch(`${url}/exit`)).text();
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toBe(
      instrumentation === 'stock'
        ? `longpole: tracing plain with OpenTelemetry’s patches of http, fetch and Express → ${backend.url}/v1/traces\n`
        : `longpole: tracing plain by listening to http, fetch and Express → ${backend.url}/v1/traces\n`,
    );
    const names = backend.names();
    expect(names).toContain('GET /items/:id');
    expect(names.includes('request handler')).toBe(instrumentation === 'stock');
  });
});
