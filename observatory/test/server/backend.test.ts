// The backend as a whole: spans in on one port, traces out on the other, and nothing left when it is closed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Backend, BackendError, type BackendOptions, startBackend } from '../../src/server/index.ts';
import { protobufBody, type SpanSeed, spanIdOf, T0, traceIdOf } from '../receiver/readable-span.ts';

const running: Backend[] = [];

async function start(options: BackendOptions = {}): Promise<Backend> {
  const backend = await startBackend({ uiPort: 0, otlpPort: 0, ...options });
  running.push(backend);
  return backend;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((backend) => backend.close()));
});

async function send(backend: Backend, ...seeds: SpanSeed[]): Promise<number> {
  const response = await fetch(`${backend.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-protobuf' },
    body: new Uint8Array(protobufBody(...seeds)),
  });
  await response.arrayBuffer();
  return response.status;
}

async function failure(options: BackendOptions): Promise<BackendError> {
  try {
    await start(options);
  } catch (error) {
    if (error instanceof BackendError) return error;
    throw error;
  }
  throw new Error('the backend started');
}

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => true),
    new Promise<boolean>((settle) => socket.once('error', () => settle(false))),
  ]);
  socket.destroy();
  return outcome;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe('a running backend', () => {
  it('takes spans in on one port and gives the trace out on the other', async () => {
    const backend = await start({ clock: () => Number(T0 / 1_000_000n) + 1_000 });
    expect(
      await send(backend, { traceId: traceIdOf(1), spanId: spanIdOf(1), name: 'POST /api/checkout' }),
    ).toBe(200);
    const trace = await fetch(`${backend.uiUrl}/api/traces/${traceIdOf(1)}`);
    expect(await trace.json()).toMatchObject({
      data: [{ spans: [{ operationName: 'POST /api/checkout' }] }],
    });
    const found = await fetch(`${backend.uiUrl}/api/traces?service=shop`);
    expect(await found.json()).toMatchObject({ data: [{ traceID: traceIdOf(1) }] });
    const page = await fetch(backend.uiUrl);
    expect(await page.text()).toContain(`${backend.otlpUrl}/v1/traces`);
    for (const url of [backend.uiUrl, backend.otlpUrl]) {
      expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    }
  });

  it('makes one trace of what five services send at the same time, in any order, some of it twice', async () => {
    const services = ['gateway', 'auth', 'inventory', 'payment', 'notify'];
    const seeds = services.flatMap((service, at) =>
      Array.from({ length: 8 }, (_, n) => ({
        traceId: traceIdOf(1),
        spanId: spanIdOf(at * 8 + n + 1),
        service,
      })),
    );
    const order = fc.shuffledSubarray([...seeds, ...seeds.slice(0, 10)], { minLength: 50 });
    await fc.assert(
      fc.asyncProperty(order, async (deliveries) => {
        const backend = await start();
        const statuses = await Promise.all(deliveries.map((seed) => send(backend, seed)));
        expect(new Set(statuses)).toEqual(new Set([200]));
        const response = await fetch(`${backend.uiUrl}/api/traces/${traceIdOf(1)}`);
        const { data } = (await response.json()) as { data: { spans: { spanID: string }[] }[] };
        expect(data[0]?.spans.map((span) => span.spanID).sort()).toEqual(
          seeds.map((seed) => seed.spanId).sort(),
        );
        expect(backend.stats()).toMatchObject({
          requests: { accepted: 50, refused: {} },
          spans: { received: 50, duplicates: 10, rejected: {} },
          stored: { traces: 1, spans: 40 },
        });
        await backend.close();
      }),
      { numRuns: 3 },
    );
  });

  it('accounts for every span: stored, duplicate, rejected or evicted', async () => {
    const backend = await start({ maxTraces: 5, maxSpansPerTrace: 3 });
    for (let n = 0; n < 40; n++) {
      const seed = { traceId: traceIdOf(n % 9), spanId: spanIdOf((n % 7) + 1) };
      await send(backend, seed, { ...seed, spanId: '0'.repeat(16) }, { ...seed, spanId: spanIdOf(50 + n) });
    }
    const response = await fetch(`${backend.uiUrl}/api/longpole/stats`);
    const { spans, evicted, stored } = (await response.json()) as ReturnType<Backend['stats']>;
    const { received, duplicates, rejected } = spans;
    expect(received).toBe(120);
    expect(rejected.invalidSpanId).toBe(40);
    const lost = Object.values(rejected).reduce((sum, count) => sum + count, 0);
    expect(stored.spans + evicted.spans + duplicates + lost).toBe(received);
    expect(stored.traces).toBe(5);
  });

  it('keeps its traces in a file, and says how many it found there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-backend-'));
    const db = join(folder, 'traces.db');
    const first = await start({ db });
    await send(first, { traceId: traceIdOf(1), spanId: spanIdOf(1) });
    await first.close();
    const second = await start({ db });
    expect((await fetch(`${second.uiUrl}/api/traces/${traceIdOf(1)}`)).status).toBe(200);
    expect(second.stats()).toMatchObject({
      restored: { traces: 1, spans: 1 },
      stored: { traces: 1, spans: 1 },
    });
    await second.close();
    rmSync(folder, { recursive: true });
  });
});

describe('starting', () => {
  it.each([
    ['uiPort', 'LONGPOLE_UI_PORT', '--ui-port'],
    ['otlpPort', 'LONGPOLE_OTLP_PORT', '--otlp-port'],
  ] as const)('on a taken %s names the port and what changes it', async (option, variable, flag) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const error = await failure({ [option]: port });
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_PORT_TAKEN', port, variable, flag });
    expect(error.message).toBe(
      `Port ${port} on 127.0.0.1 is taken by another process: end that process, or choose another port with ${variable} or ${flag}.`,
    );
    holder.close();
    await once(holder, 'close');
  });

  it('with the second port taken gives the first one back', async () => {
    const probe = await start();
    const otlpPort = portOf(probe.otlpUrl);
    const uiPort = portOf(probe.uiUrl);
    await probe.close();
    const holder = createServer().listen(uiPort, '127.0.0.1');
    await once(holder, 'listening');
    await failure({ uiPort, otlpPort });
    expect(await isTaken(otlpPort)).toBe(false);
    holder.close();
    await once(holder, 'close');
  });

  it('with a file that is no store leaves no port open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-backend-'));
    const db = join(folder, 'notes.txt');
    writeFileSync(db, 'notes of mine');
    await expect(start({ db })).rejects.toMatchObject({ code: 'ERR_LONGPOLE_STORE_FOREIGN' });
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{ uiport: 1 }, 'There is no option uiport. Did you mean uiPort?'],
    [{ maxTrace: 1 }, 'There is no option maxTrace. Did you mean maxTraces?'],
    [{ uiPort: 70_000 }, 'uiPort is 70000: it must be a whole number from 0 to 65535.'],
    [{ otlpPort: '4318' }, 'otlpPort is 4318: it must be a whole number from 0 to 65535.'],
    [{ host: '' }, 'host is "": it must be a text that is not empty.'],
    [{ db: 7 }, 'db is 7: it must be a text that is not empty.'],
    [{ maxBodyBytes: 0 }, 'maxBodyBytes is 0: it must be a whole number of at least 1.'],
  ])('with %j says what is wrong', async (options, message) => {
    const error = await failure(options as BackendOptions);
    expect([error.code, error.message]).toEqual(['ERR_LONGPOLE_BACKEND_OPTION', message]);
  });

  it('on a host that is not of this machine says so', async () => {
    const error = await failure({ host: '192.0.2.1' });
    expect(error.code).toBe('ERR_LONGPOLE_LISTEN');
    expect(error.message).toContain('Cannot listen on 192.0.2.1 port 0');
  });
});

describe('closing', () => {
  it('ends kept-alive connections at once, frees both ports, and may be asked for twice', async () => {
    const backend = await start();
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(get(`${backend.uiUrl}/healthz`, { agent }), 'response');
    response.resume();
    await once(response, 'end');
    const [idle] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
    const ended = idle?.destroyed ? Promise.resolve() : once(idle!, 'close');
    const started = performance.now();
    await Promise.all([backend.close(), backend.close()]);
    expect(performance.now() - started).toBeLessThan(1_500);
    await ended;
    agent.destroy();
    expect(await isTaken(portOf(backend.uiUrl))).toBe(false);
    expect(await isTaken(portOf(backend.otlpUrl))).toBe(false);
  });

  it('waits for the answer to a request that is in progress, and stores nothing afterwards', async () => {
    const backend = await start();
    const body = protobufBody({ traceId: traceIdOf(1), spanId: spanIdOf(1) });
    const socket = connect(portOf(backend.otlpUrl), '127.0.0.1');
    await once(socket, 'connect');
    const head = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${body.length}\r\n`;
    socket.write(`${head}Expect: 100-continue\r\n\r\n`);
    await once(socket, 'data');
    const started = performance.now();
    const closed = backend.close();
    const answer = once(socket, 'data');
    socket.write(body);
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 200 /);
    await closed;
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(backend.stats().stored.spans).toBe(1);
    await expect(send(backend, { traceId: traceIdOf(2), spanId: spanIdOf(1) })).rejects.toThrow(
      'fetch failed',
    );
    expect(backend.stats().stored.spans).toBe(1);
  });

  it('leaves nothing behind that keeps a process alive', async () => {
    const script = `
      const { startBackend } = await import(process.argv[1]);
      const backend = await startBackend({ uiPort: 0, otlpPort: 0 });
      await (await fetch(backend.uiUrl)).text();
      await backend.close();
      console.log('closed');`;
    const entry = resolve(__dirname, '../../src/server/index.ts');
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, entry], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const printed = child.stdout.toArray();
    const [code] = await once(child, 'exit');
    expect([code, String((await printed)[0])]).toEqual([0, 'closed\n']);
  });
});
