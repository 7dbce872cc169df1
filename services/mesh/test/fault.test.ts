// `npm run fault`: what it understands, what it sets on the running services, and what it says when it can't.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mistakesOf, serviceFaultsOf } from '@longpole/demo-chassis';
import { MISTAKES, readFaultCommand, SERVICE_FAULTS } from '../src/fault-command.ts';
import { SERVICES } from '../src/members.ts';
import { runFault } from '../src/run-fault.ts';
import { OtlpSink } from './otlp-sink.ts';
import { type RunningServices, runServices } from './running-services.ts';

describe('the arguments', () => {
  test.each([
    ['payment mistake=propagation', ['gateway'], { mistake: 'propagation' }],
    ['gateway mistake=sampling', ['gateway'], { mistake: 'sampling' }],
    ['all mistake=noise', SERVICES, { mistake: 'noise' }],
    ['payment latency=3000 failure-rate=0.5', ['payment'], { latencyMs: 3_000, failureRate: 0.5 }],
    ['payment extra-latency=10 hang', ['payment'], { extraLatencyMs: 10, hang: true }],
    ['payment hang=off latency=off', ['payment'], { hang: undefined, latencyMs: undefined }],
    ['inventory n-plus-one', ['inventory'], { fault: 'n-plus-one' }],
    ['payment retry-storm=off', ['payment'], { fault: undefined }],
    ['auth mistake=off', ['auth'], { mistake: undefined }],
  ])('%s', (text, services, change) => {
    expect(readFaultCommand(text.split(' '))).toEqual({ kind: 'set', services, change });
  });

  test.each([
    ['', { kind: 'show', services: SERVICES }],
    ['notify', { kind: 'show', services: ['notify'] }],
    ['notify off', { kind: 'off', services: ['notify'] }],
    ['all off', { kind: 'off', services: SERVICES }],
  ])('"%s"', (text, command) => {
    expect(readFaultCommand(text.split(' ').filter(Boolean))).toEqual(command);
  });

  test.each([
    ['paymnet off', 'There is no service "paymnet". Did you mean "payment"?'],
    ['cart off', 'There is no service "cart". There are gateway, auth, inventory, payment, notify, all.'],
    ['payment latncy=3', 'There is no fault "latncy". Did you mean "latency"?'],
    ['payment toString', 'There is no fault "toString". There are latency, extra-latency'],
    ['gateway mistake=samplng', 'There is no mistake "samplng". Did you mean "sampling"?'],
    ['gateway sampling', 'sampling is a mistake: write mistake=sampling.'],
    ['payment mistake=async', 'Set it where it happens: npm run fault -- notify mistake=async'],
    ['all n-plus-one', 'n-plus-one is not for all. Set it where it happens: npm run fault -- inventory'],
    [
      'payment latency=fast',
      'latency=fast is not milliseconds from 0 to 600000. Write it like latency=3000.',
    ],
    ['payment latency=700000', 'latency=700000 is not milliseconds'],
    ['payment failure-rate=2', 'failure-rate=2 is not a share from 0 to 1. Write it like failure-rate=0.5.'],
    ['payment hang=maybe', 'hang=maybe is neither on nor off'],
    ['payment latency=1 mistake=propagation', 'is for payment and gateway: set them one by one.'],
  ])('%s is refused with the cure', async (text, message) => {
    const { exitCode, err } = await run(text, {});
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('know every mistake and fault that the services know, where they know it', () => {
    for (const service of SERVICES) {
      const mistakes = Object.keys(MISTAKES).filter((name) => (MISTAKES[name] ?? service) === service);
      expect([service, mistakes]).toEqual([service, mistakesOf(service)]);
      const faults = Object.keys(SERVICE_FAULTS).filter((name) => SERVICE_FAULTS[name] === service);
      expect([service, faults]).toEqual([service, serviceFaultsOf(service)]);
    }
  });
});

describe('the command', () => {
  const sink = new OtlpSink();
  let services: RunningServices;
  let urls: Record<string, string>;

  beforeAll(async () => {
    await sink.start();
    services = await runServices(sink.url, { FAULTS: 'on' });
    urls = Object.fromEntries(SERVICES.map((name) => [`${name.toUpperCase()}_URL`, services.urls.of(name)]));
  }, 60_000);

  afterAll(async () => {
    await services?.stop();
    await sink.stop();
  }, 30_000);

  test('sets, keeps what it was not asked about, shows, and switches off', async () => {
    expect(await run('payment latency=300', urls)).toMatchObject({
      exitCode: 0,
      out: 'payment    latency=300\n',
    });
    expect((await run('payment retry-storm', urls)).out).toBe('payment    latency=300  retry-storm\n');
    expect((await run('payment mistake=propagation', urls)).out).toBe(
      'gateway    latency=5  mistake=propagation (calls payment without the trace headers)\n',
    );
    const { out } = await run('', urls);
    expect(out.split('\n')).toEqual([
      'gateway    latency=5  mistake=propagation (calls payment without the trace headers)',
      'auth       latency=3',
      'inventory  latency=20',
      'payment    latency=300  retry-storm',
      'notify     latency=22',
      '',
    ]);
    expect((await run('payment off', urls)).out).toBe('gateway    latency=5\npayment    latency=250\n');
  });

  test('sets every service at once', async () => {
    expect((await run('all mistake=noise hang', urls)).out.match(/hang {2}mistake=noise/g)).toHaveLength(5);
    expect((await run('all off', urls)).out).not.toContain('noise');
  });

  test('runs as a program', async () => {
    const program = resolve(__dirname, '../src/fault.ts');
    const child = spawn(process.execPath, [program, 'paymnet'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(err).toContain('Did you mean "payment"?');
  });
});

describe('where nothing can be set, it says why', () => {
  test('a service that does not run', async () => {
    const { exitCode, err } = await run('auth latency=1', { AUTH_URL: 'http://127.0.0.1:1' });
    expect(err).toContain(
      'auth does not answer at http://127.0.0.1:1 (ECONNREFUSED). Start the demo: FAULTS=on',
    );
    expect(err).toContain('AUTH_URL=');
    expect(exitCode).toBe(1);
  });

  test('a service without FAULTS=on, and a server that is none of ours', async () => {
    const sink = new OtlpSink();
    await sink.start();
    const services = await runServices(sink.url, {}, ['auth']);
    const off = await run('auth latency=1', { AUTH_URL: services.urls.of('auth') });
    await services.stop();
    await sink.stop();
    expect(off.err).toContain('auth runs without FAULTS=on');
    expect(off.exitCode).toBe(1);

    const other = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const strange = await run('auth', { AUTH_URL: url });
    other.close();
    await once(other, 'close');
    expect(strange.err).toContain(`What answers at ${url} is not auth: status 200 for /faults.`);
    expect(strange.exitCode).toBe(1);
  }, 60_000);
});

async function run(
  text: string,
  environment: Record<string, string>,
): Promise<{ exitCode: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const exitCode = await runFault({
    args: text.split(' ').filter((word) => word !== ''),
    environment,
    terminal: {
      out: (part) => {
        written.out += part;
      },
      err: (part) => {
        written.err += part;
      },
    },
  });
  return { exitCode, ...written };
}
