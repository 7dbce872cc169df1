// The whole demo: it shows the bottleneck, leaves no process behind however it ends, and says why when it can't run.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { sendCheckout } from '../src/demo-checkout.ts';
import type { MemberProcess } from '../src/member-process.ts';
import { runMesh } from '../src/run-mesh.ts';
import { ANY_PORTS, GUARD, ROOT, SHORT_LATENCIES } from './running-services.ts';

const STARTED = 'Ctrl-C stops everything';
const stops: AbortController[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Runs the mesh in this process, its members as real ones. */
function run(environment: Record<string, string> = {}) {
  const [stop, kill] = [new AbortController(), new AbortController()];
  stops.push(stop);
  const written = { out: '', err: '' };
  const members = new Map<string, MemberProcess>();
  const exitCode = runMesh({
    root: ROOT,
    guard: GUARD,
    isBuilt: false,
    environment: { ...process.env, ...SHORT_LATENCIES, ...ANY_PORTS, ...environment },
    terminal: {
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
      isInteractive: false,
    },
    stop: stop.signal,
    kill: kill.signal,
    onStart: (member) => members.set(member.name, member),
  });
  return { stop, written, members, exitCode };
}

/** Sends the checkout that was printed, and gives the status of the answer. */
async function statusOf(output: string): Promise<number> {
  const [, url = ''] = /^curl -sS (\S+)/m.exec(output) ?? [];
  return (await sendCheckout(new URL(url).origin, new AbortController().signal)).status;
}

function isRunning({ pid }: MemberProcess): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

describe('the mesh', () => {
  test('shows one checkout and its bottleneck, and leaves no process behind', async () => {
    const { stop, written, members, exitCode } = run();
    await until(() => written.out.includes(STARTED), 40_000);
    expect(written.out).toContain('POST /api/checkout → 201');
    expect(written.out).toContain('14 spans · 5 services');
    expect(written.out).toMatch(
      /payment · authorize with acquirer holds up POST \/api\/checkout: \d+ ms of \d+ ms/,
    );
    const link = /The trace +(http:\/\/127\.0\.0\.1:\d+)(\/trace\/[0-9a-f]{32})\n\nSend another:/.exec(
      written.out,
    );
    expect((await fetch(`${link?.[1]}${link?.[2]}`)).status).toBe(200);
    expect(written.out).toContain(`\nnpx longpole bottleneck --source ${link?.[1]}\n`);
    expect(written.out).toContain('curl -sS http://127.0.0.1:');
    expect([...members.values()].every(isRunning)).toBe(true);

    stop.abort();
    expect(await exitCode).toBe(0);
    expect(members.size).toBe(6);
    expect([...members.values()].some(isRunning)).toBe(false);
    expect(await Promise.all([...members.values()].map((member) => member.ended))).toEqual(
      Array(6).fill('ended with exit code 0'),
    );
    expect(written.err).toBe('');
  }, 60_000);

  test('says so when its checkout was not sampled', async () => {
    const { stop, written, exitCode } = run({ OTEL_TRACES_SAMPLER: 'always_off' });
    await until(() => written.out.includes(STARTED), 40_000);
    expect(written.out).toContain('This checkout was not sampled (OTEL_TRACES_SAMPLER=always_off)');
    expect(written.out).not.toContain('/trace/');
    stop.abort();
    expect(await exitCode).toBe(0);
    expect(written.err).toBe('');
  }, 60_000);

  test('stopped while it starts leaves no process behind either', async () => {
    const { stop, members, exitCode } = run();
    await until(() => members.size === 6);
    stop.abort();
    expect(await exitCode).toBe(0);
    expect([...members.values()].some(isRunning)).toBe(false);
  }, 60_000);

  test('goes on without a service that ends, and the line it says brings the service back', async () => {
    const { stop, written, members, exitCode } = run();
    await until(() => written.out.includes(STARTED), 40_000);
    const inventory = members.get('inventory')!;
    process.kill(inventory.pid!, 'SIGKILL');
    await until(() => written.err.endsWith('\n'));
    expect(written.err).toMatch(
      /^inventory was ended by SIGKILL: a checkout answers 503 until it is back\. Bring it back: INVENTORY_PORT=.* npx node .*\n$/,
    );
    expect(await statusOf(written.out)).toBe(503);
    expect([...members.values()].filter(isRunning)).toHaveLength(5);

    const command = written.err
      .split('Bring it back: ')[1]!
      .replace('npx node', `exec "${process.execPath}"`);
    const back = spawn(command, { cwd: ROOT, shell: true, stdio: 'ignore' });
    const isBack = () =>
      fetch(inventory.healthUrl).then(
        (answer) => answer.ok,
        () => false,
      );
    await until(isBack, 20_000);
    expect(await statusOf(written.out)).toBe(201);
    back.kill('SIGTERM');
    expect(await once(back, 'exit')).toEqual([0, null]);
    stop.abort();
    expect(await exitCode).toBe(0);
    expect([...members.values()].some(isRunning)).toBe(false);
  }, 90_000);

  test('goes on when the gateway ends in the middle of the checkout', async () => {
    const { stop, written, members, exitCode } = run({ PAYMENT_LATENCY_MS: '60000' });
    await until(() => written.out.includes('Healthy'), 40_000);
    process.kill(members.get('gateway')!.pid!, 'SIGKILL');
    await until(() => written.out.includes(STARTED));
    expect(written.err).toMatch(/^POST \/api\/checkout got no answer: .+$/m);
    await until(() =>
      /^gateway was ended by SIGKILL: no checkout is answered until it is back\./m.test(written.err),
    );
    stop.abort();
    expect(await exitCode).toBe(0);
  }, 60_000);

  test('ends, with one reason, when the backend does', async () => {
    const { written, members, exitCode } = run();
    await until(() => written.out.includes(STARTED), 40_000);
    process.kill(members.get('backend')!.pid!, 'SIGKILL');
    expect(await exitCode).toBe(1);
    expect(written.err).toMatch(/^backend was ended by SIGKILL, so everything is stopped\./);
    expect([...members.values()].some(isRunning)).toBe(false);
  }, 60_000);

  test('ends, with one reason, when a service does before all are healthy', async () => {
    const { written, members, exitCode } = run();
    await until(() => members.size === 6);
    const [payment, inventory] = [members.get('payment')!, members.get('inventory')!];
    // Asleep it can't become healthy before the other one is killed.
    process.kill(payment.pid!, 'SIGSTOP');
    await until(() => inventory.lastLines().some((line) => line.startsWith('longpole: tracing')), 20_000);
    process.kill(inventory.pid!, 'SIGKILL');
    process.kill(payment.pid!, 'SIGCONT');
    expect(await exitCode).toBe(1);
    expect(written.err).toBe('inventory was ended by SIGKILL, so everything is stopped.\n');
    expect([...members.values()].some(isRunning)).toBe(false);
  }, 60_000);

  test('shows what a service that can not start has to say', async () => {
    const { written, members, exitCode } = run({ PAYMENT_LATENCY_MS: 'fast' });
    expect(await exitCode).toBe(1);
    expect(written.err).toMatch(/^payment ended with exit code 2, so everything is stopped\./);
    expect(written.err).toContain('payment: PAYMENT_LATENCY_MS="fast" is not a whole number of milliseconds');
    expect([...members.values()].some(isRunning)).toBe(false);
  }, 60_000);

  test('starts nothing when a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { written, members, exitCode } = run({ NOTIFY_PORT: String(port) });
    expect(await exitCode).toBe(2);
    expect(written.err).toMatch(
      new RegExp(`^Port ${port}, where notify should listen, is taken.* NOTIFY_PORT=`),
    );
    expect(written.err.trim()).not.toContain('\n');
    expect(members.size).toBe(0);
    server.close();
  });
});
