// What tracing says to the person at the console, byte for byte: one line at the start, one when something is wrong.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultBackend } from './support/fault-backend.ts';
import { type AppOptions, endAllApps, type RunningApp, runApp } from './support/run-app.ts';

let backend: FaultBackend;

beforeEach(async () => {
  backend = await FaultBackend.start();
});

afterEach(async () => {
  await endAllApps();
  await backend.stop();
});

function speakingApp(options: AppOptions = {}): RunningApp {
  return runApp('speaking.ts', {
    ...options,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: backend.url, OTEL_BSP_SCHEDULE_DELAY: '60000', ...options.env },
  });
}

async function get(app: RunningApp, path: string): Promise<string> {
  return await (await fetch(`${await app.url()}${path}`)).text();
}

const startLine = (what = 'by listening to http, fetch and Express'): string =>
  `longpole: tracing speaking ${what} → ${backend.url}/v1/traces\n`;
const awayLine = (): string =>
  `longpole: cannot send traces to ${backend.url}/v1/traces (ECONNREFUSED); is the backend running? Spans are kept while there is room\n`;

describe('a whole run', () => {
  it('with a healthy backend: one line', async () => {
    const app = speakingApp();
    for (let i = 0; i < 5; i += 1) await get(app, '/work');
    await get(app, '/flush');
    const { stdout, stderr } = await app.stop('SIGTERM');
    expect(stdout).toMatch(/^ready \d+\n$/);
    expect(stderr).toBe(startLine());
  });

  it('without a backend: one more line, however often exporting fails', async () => {
    await backend.stop();
    const app = speakingApp();
    await app.complains(/cannot send/);
    for (let i = 0; i < 3; i += 1) {
      await get(app, '/work');
      await get(app, '/flush');
    }
    const { stdout, stderr } = await app.stop('SIGTERM');
    expect(stdout).toMatch(/^ready \d+\n$/);
    expect(stderr).toBe(startLine() + awayLine());
  });

  it('with the port of gRPC: one more line, with the cure', async () => {
    const grpc = createHttp2Server();
    grpc.on('sessionError', () => undefined);
    await new Promise<void>((resolve) => grpc.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(grpc.address() as AddressInfo).port}`;
    const app = runApp('speaking.ts', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } });
    await app.complains(/OTLP over HTTP has 4318/);
    await get(app, '/work');
    await get(app, '/flush');
    const { stderr } = await app.stop('SIGTERM');
    await new Promise<void>((resolve) => grpc.close(() => resolve()));
    expect(stderr.match(/4317/g)).toHaveLength(1);
    expect(stderr).toContain(`longpole: ${url}/v1/traces speaks HTTP/2 and not HTTP/1.1`);
  });

  it('with a backend that goes away twice: a line each time', async () => {
    const app = speakingApp();
    for (let i = 0; i < 2; i += 1) {
      await get(app, '/work');
      await backend.stop();
      await get(app, '/flush');
      await backend.listen();
      await get(app, '/flush');
    }
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe(startLine() + awayLine() + awayLine());
  });

  it('with a backend that refuses: the status and what to check', async () => {
    backend.behave({ kind: 'status', status: 401 });
    const app = speakingApp();
    await get(app, '/work');
    await get(app, '/flush');
    await get(app, '/work');
    await get(app, '/flush');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe(
      `${startLine()}longpole: ${backend.url}/v1/traces refuses traces (http_401); check OTEL_EXPORTER_OTLP_HEADERS\n`,
    );
  });

  it('with a backend that is busy once: nothing more', async () => {
    backend.behave({ kind: 'status', status: 503 }, { kind: 'ok' });
    const app = speakingApp();
    await get(app, '/work');
    await get(app, '/flush');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe(startLine());
    expect(backend.spans.size).toBeGreaterThan(0);
  });
});

describe('the start line', () => {
  it('names the sampler, and the service that the environment names', async () => {
    const app = speakingApp({
      env: {
        OTEL_TRACES_SAMPLER: 'traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.25',
        OTEL_SERVICE_NAME: 'shop',
      },
    });
    await app.url();
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe(
      `longpole: tracing shop by listening to http, fetch and Express, sampler traceidratio 0.25 → ${backend.url}/v1/traces\n`,
    );
  });

  it('does not show the password of the endpoint', async () => {
    const app = speakingApp({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: backend.url.replace('//', '//me:secret@') },
    });
    await get(app, '/work');
    await get(app, '/flush');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toMatch(/^longpole: tracing speaking .* → \S+\/v1\/traces\n$/);
    expect(stderr).not.toMatch(/secret/);
    expect(backend.requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:secret')}`);
  });

  it('is the only line when tracing is off', async () => {
    const app = speakingApp({ env: { OTEL_SDK_DISABLED: 'true' } });
    expect(await get(app, '/work')).toBe('done');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe('longpole: tracing is off (OTEL_SDK_DISABLED=true)\n');
  });

  it('says so when spans go nowhere', async () => {
    const app = speakingApp({ env: { OTEL_TRACES_EXPORTER: 'none' } });
    expect(await get(app, '/work')).toBe('done');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe(
      'longpole: tracing speaking by listening to http, fetch and Express → nowhere (OTEL_TRACES_EXPORTER=none)\n',
    );
  });
});

describe('values that make no sense', () => {
  it('get a line each, and the app runs', async () => {
    const app = speakingApp({
      env: {
        LONGPOLE_INSTRUMENTATION: 'magic',
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: 'most',
        OTEL_PROPAGATORS: 'tracecontext,smoke',
        OTEL_BSP_MAX_QUEUE_SIZE: '-1',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4318',
      },
    });
    await get(app, '/work');
    await get(app, '/flush');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr.split('\n')).toEqual([
      'longpole: LONGPOLE_INSTRUMENTATION=magic cannot be used: expected listen or stock; using what the code says, or listening',
      'longpole: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=collector:4318 cannot be used: expected a URL that begins with http:// or https://; using the next best setting, or http://localhost:4318',
      'longpole: OTEL_BSP_MAX_QUEUE_SIZE=-1 cannot be used: expected a number above 0; using the default',
      'longpole: OTEL_TRACES_SAMPLER_ARG=most cannot be used: expected a number from 0 to 1; using 1',
      expect.stringMatching(/^longpole: OTEL_PROPAGATORS names 'smoke'/),
      `longpole: tracing speaking by listening to http, fetch and Express, sampler parentbased_traceidratio 1 → ${backend.url}/v1/traces`,
      '',
    ]);
    expect(backend.spans.size).toBeGreaterThan(0);
  });
});

describe('a Node that is too old', () => {
  const preload = ['--require', join(__dirname, 'apps', 'old-node.cjs')];

  it('is named, and the app runs without tracing', async () => {
    const app = speakingApp({ nodeArguments: preload });
    expect(await get(app, '/work')).toBe('done');
    const { stderr } = await app.stop('SIGTERM');
    expect(stderr).toBe('longpole: not tracing, this is Node 20.19.0 and 22.15 or newer is needed\n');
    expect(backend.requests).toHaveLength(0);
  });
});

describe('a worker thread', () => {
  it('which inherits --import does not repeat the line', async () => {
    const app = runApp('worker.mjs', {
      nodeArguments: ['--import', '@longpole/express/register'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: backend.url, OTEL_SERVICE_NAME: 'speaking' },
    });
    const { stdout, stderr } = await app.ended;
    expect(stdout).toBe('the worker ended with 0\n');
    expect(stderr).toBe(startLine());
  });
});

describe('another tracer in the process', () => {
  it('an OpenTelemetry SDK is named, and our spans go to it', async () => {
    const app = runApp('foreign-sdk.ts');
    const { stdout, stderr } = await app.ended;
    expect(stdout).toBe('["GET","GET /work/:id"]\n');
    expect(stderr).toBe(
      'longpole: an OpenTelemetry SDK is already installed in this process; Longpole’s listeners make their spans with it\n',
    );
  });

  it('outside of OpenTelemetry is named, and both trace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-'));
    const agent = join(folder, 'node_modules', 'newrelic', 'index.js');
    mkdirSync(dirname(agent), { recursive: true });
    writeFileSync(agent, 'exports.started = true;');
    const app = speakingApp({ nodeArguments: ['--require', agent] });
    await get(app, '/work');
    await get(app, '/flush');
    const { stderr } = await app.stop('SIGTERM');
    rmSync(folder, { recursive: true });
    expect(stderr).toBe(
      `longpole: newrelic is already installed in this process; two tracers cost twice and may break each other’s context\n${startLine()}`,
    );
    expect(backend.spans.size).toBeGreaterThan(0);
  });
});
