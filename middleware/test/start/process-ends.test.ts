// No span is lost, and the process ends as it would without tracing, whichever way it ends.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultBackend } from './support/fault-backend.ts';
import { endAllApps, type RunningApp, runApp } from './support/run-app.ts';
import { selfSigned } from './support/self-signed.ts';

const REQUESTS = 20;

let backend: FaultBackend;

beforeEach(async () => {
  backend = await FaultBackend.start();
});

afterEach(async () => {
  await endAllApps();
  await backend.stop();
});

interface Given {
  readonly handling?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly preload?: string;
}

/** An app that has answered some requests and has not sent their spans yet. */
async function busyApp({ handling = 'none', env = {} }: Given = {}): Promise<RunningApp> {
  const app = runApp('ending.ts', {
    arguments: [handling],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: backend.url, OTEL_BSP_SCHEDULE_DELAY: '60000', ...env },
  });
  const url = await app.url();
  for (let i = 0; i < REQUESTS; i += 1) await (await fetch(`${url}/work/${i}`)).text();
  expect(backend.spans.size).toBe(0);
  return app;
}

async function get(app: RunningApp, path: string): Promise<void> {
  await fetch(`${await app.url()}${path}`).then((response) => response.text());
}

describe('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s without a handler: flushed, then ended by the signal',
    async (signal) => {
      const app = await busyApp();
      const end = await app.stop(signal);
      expect(end).toMatchObject({ code: null, signal });
      expect(backend.spans.size).toBe(REQUESTS);
      expect(backend.duplicates).toBe(0);
    },
  );

  it.each(['on', 'once', 'awaits'])(
    'with a handler of the app (%s): the app decides, nothing is lost',
    async (handling) => {
      const app = await busyApp({ handling });
      const end = await app.stop('SIGTERM');
      expect(end).toMatchObject({ code: 0, signal: null });
      expect(backend.spans.size).toBe(REQUESTS);
    },
  );

  it('a second one ends the process at once', async () => {
    backend.behave({ kind: 'hang' });
    const app = await busyApp();
    app.signal('SIGINT');
    await backend.until(() => backend.requests.length === 1);
    const end = await app.stop('SIGINT');
    expect(end).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(end.tookMs).toBeLessThan(500);
  });

  it('with only listeners of signal-exit, which watch and expect the process to end', async () => {
    const app = await busyApp({ handling: 'onlooker' });
    const end = await app.stop('SIGTERM');
    expect(end).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(end.stdout).toMatch(/the onlooker saw the end/);
    expect(backend.spans.size).toBe(REQUESTS);
  });
});

describe('Zipkin', () => {
  it.each(['a signal', 'the natural end'])('gets all spans before %s', async (end) => {
    const env = {
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${backend.url}/api/v2/spans`,
    };
    const app = await busyApp({ env });
    if (end === 'a signal') app.signal('SIGTERM');
    else await get(app, '/close');
    const { stderr } = await app.ended;
    expect(stderr).toBe(
      `longpole: tracing ending by listening to http, fetch and Express → Zipkin at ${backend.url}/api/v2/spans\n`,
    );
    expect(backend.requests[0]?.path).toBe('/api/v2/spans');
    expect(backend.spans.size).toBe(end === 'a signal' ? REQUESTS : REQUESTS + 1);
  });
});

describe('process.exit()', () => {
  it('right after the last response: the spans are sent while the process exits', async () => {
    const app = await busyApp();
    await get(app, '/exit');
    expect(await app.ended).toMatchObject({ code: 3, signal: null });
    expect(backend.spans.size).toBe(REQUESTS + 1);
  });

  it('while a request with spans is under way: they are sent once more', async () => {
    backend.behave({ kind: 'hang' }, { kind: 'ok' });
    const app = await busyApp();
    const flush = get(app, '/flush').catch(() => 'the app is gone');
    await backend.until(() => backend.requests.length === 1);
    await get(app, '/exit');
    await flush;
    expect(await app.ended).toMatchObject({ code: 3 });
    expect(backend.requests).toHaveLength(2);
    expect(backend.spans.size).toBe(REQUESTS + 1);
  });

  it('sends to every exporter, with the headers of the environment, compressed when it says so', async () => {
    const app = await busyApp({
      env: {
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=se%20cret,both=general',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'both=traces',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_TRACES_EXPORTER: 'otlp,console',
      },
    });
    await get(app, '/exit');
    const { stdout } = await app.ended;
    expect(backend.spans.size).toBe(REQUESTS + 1);
    expect(backend.requests[0]?.headers).toMatchObject({
      'api-key': 'se cret',
      both: 'traces',
      'content-encoding': 'gzip',
    });
    expect(stdout.match(/name: 'GET \/work\/:id'/g)).toHaveLength(REQUESTS);
  });

  it('speaks protobuf when the environment says so', async () => {
    const app = await busyApp({ env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' } });
    await get(app, '/exit');
    await app.ended;
    expect(backend.requests).toHaveLength(1);
    expect(backend.requests[0]?.headers['content-type']).toBe('application/x-protobuf');
    expect(backend.requests[0]?.bytes).toBeGreaterThan(REQUESTS * 100);
  });

  it('on a machine so busy that the last try begins late: nothing is lost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-late-'));
    const late = join(folder, 'node');
    writeFileSync(late, `#!/bin/sh\nsleep 2.3\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
    const app = await busyApp({ env: { TEST_EXEC_PATH: late } });
    await get(app, '/exit');
    const { code, stderr } = await app.ended;
    rmSync(folder, { recursive: true });
    expect(code).toBe(3);
    expect(stderr).not.toMatch(/lost/);
    expect(backend.spans.size).toBe(REQUESTS + 1);
  });

  it('with a backend that does not answer: held up for two seconds, and what is lost is said', async () => {
    backend.behave({ kind: 'hang' });
    const app = await busyApp();
    const startMs = performance.now();
    await get(app, '/exit');
    const { code, stderr } = await app.ended;
    expect(code).toBe(3);
    expect(performance.now() - startMs).toBeLessThan(4500);
    expect(stderr).toContain(
      `longpole: ${REQUESTS + 1} spans were lost at the end of the process: ${backend.url}/v1/traces did not take them in time\n`,
    );
  });

  it('with a dead backend is not held up', async () => {
    const app = await busyApp();
    const url = await app.url();
    await backend.stop();
    const startMs = performance.now();
    await fetch(`${url}/exit`).then((response) => response.text());
    expect(await app.ended).toMatchObject({ code: 3 });
    expect(performance.now() - startMs).toBeLessThan(1500);
  });
});

describe('an https backend with a certificate of its own', () => {
  it('gets the spans, by export and at the exit', async () => {
    await backend.stop();
    const { key, cert, file } = selfSigned();
    backend = await FaultBackend.start({ key, cert });
    const app = await busyApp({ env: { OTEL_EXPORTER_OTLP_CERTIFICATE: file } });
    await get(app, '/flush');
    expect(backend.spans.size).toBe(REQUESTS);
    await get(app, '/exit');
    expect(await app.ended).toMatchObject({ code: 3 });
    rmSync(dirname(file), { recursive: true });
    expect(backend.spans.size).toBe(REQUESTS + 2);
  });
});

describe('an uncaught exception', () => {
  it('ends the process as ever, and the spans are sent', async () => {
    const app = await busyApp();
    await get(app, '/throw');
    const end = await app.ended;
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/Error: thrown on purpose/);
    expect(backend.spans.size).toBe(REQUESTS + 1);
  });
});

describe('the natural end', () => {
  it('sends the spans', async () => {
    const app = await busyApp();
    await get(app, '/close');
    expect(await app.ended).toMatchObject({ code: 0, signal: null });
    expect(backend.spans.size).toBe(REQUESTS + 1);
    expect(backend.duplicates).toBe(0);
  });

  it('with a dead backend does not wait for it', async () => {
    const app = await busyApp();
    const url = await app.url();
    await backend.stop();
    const startMs = performance.now();
    await fetch(`${url}/close`).then((response) => response.text());
    expect(await app.ended).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - startMs).toBeLessThan(3000);
  });
});

describe('a backend that hangs', () => {
  const env = { TEST_DEADLINE_MS: '250' };

  it('holds up a signal no longer than the deadline', async () => {
    backend.behave({ kind: 'hang' });
    const app = await busyApp({ env });
    const end = await app.stop('SIGTERM');
    expect(end).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(end.tookMs).toBeLessThan(1000);
  });

  it('holds up process.exit() no longer than the deadline', async () => {
    backend.behave({ kind: 'hang' });
    const app = await busyApp({ env });
    const url = await app.url();
    const startMs = performance.now();
    await fetch(`${url}/exit`).then((response) => response.text());
    await app.ended;
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it('holds up the natural end no longer than the deadline and the pause of one retry', async () => {
    backend.behave({ kind: 'hang' });
    const app = await busyApp({ env });
    const url = await app.url();
    const startMs = performance.now();
    await fetch(`${url}/close`).then((response) => response.text());
    await app.ended;
    expect(performance.now() - startMs).toBeLessThan(2500);
  });
});
