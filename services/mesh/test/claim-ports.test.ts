// Ports: known to be free before anything is started, and when one is not, which, whose, and what to do.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { claimPorts } from '../src/claim-ports.ts';

const WISHES = [
  { owner: 'auth', variable: 'AUTH_PORT', fallback: 8081 },
  { owner: 'payment', variable: 'PAYMENT_PORT', fallback: 8083 },
];
const HOST = '127.0.0.1';

function messageOf(claim: Promise<unknown>): Promise<string> {
  return claim.then(
    () => '',
    (error: Error) => error.message,
  );
}

/** The variables of the proposed command line. */
function settingsIn(message: string): Record<string, string> {
  return Object.fromEntries(
    [...message.matchAll(/(\w+_PORT)=(\d+)/g)].map(([, name = '', port = '']) => [name, port]),
  );
}

describe('claimPorts', () => {
  test('turns 0 into free ports, each another, and leaves them free', async () => {
    const ports = await claimPorts(WISHES, { AUTH_PORT: '0', PAYMENT_PORT: '0' }, HOST);
    const auth = ports.get('AUTH_PORT')!;
    const payment = ports.get('PAYMENT_PORT')!;
    expect(auth).toBeGreaterThan(0);
    expect(payment).not.toBe(auth);
    const again = await claimPorts(WISHES, { AUTH_PORT: String(auth), PAYMENT_PORT: String(payment) }, HOST);
    expect(again).toEqual(ports);
  });

  test('names the port, who wants it, and the variable, when it is taken', async () => {
    const server = createServer().listen(0, HOST).unref();
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const claim = claimPorts(WISHES, { AUTH_PORT: '0', PAYMENT_PORT: String(port) }, HOST);
    await expect(claim).rejects.toMatchObject({ exitCode: 2 });
    await expect(claim).rejects.toThrow(
      `Port ${port}, where payment should listen, is taken by another process. Stop what uses it, or choose another port: AUTH_PORT=0 PAYMENT_PORT=`,
    );
    server.close();
    await once(server, 'close');
  });

  test('names all that are taken, with one command line that works', async () => {
    const servers = [createServer(), createServer(), createServer()].map((one) =>
      one.listen(0, HOST).unref(),
    );
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const [auth, payment, next] = servers.map((server) => (server.address() as AddressInfo).port);
    const wishes = [
      ...WISHES,
      { owner: 'notify', variable: 'NOTIFY_PORT', fallback: 0 },
      { owner: 'gateway', variable: 'GATEWAY_PORT', fallback: 0 },
    ];
    const environment = { AUTH_PORT: String(auth), PAYMENT_PORT: String(payment), NOTIFY_PORT: String(next) };
    const message = await messageOf(claimPorts(wishes, environment, HOST));
    expect(message).toContain(
      `The ports ${auth} for auth, ${payment} for payment, and ${next} for notify are taken by other processes. Stop what uses them, or choose other ports: AUTH_PORT=`,
    );
    expect(message).not.toContain('\n');
    const proposed = settingsIn(message);
    expect(Object.keys(proposed)).toEqual(['AUTH_PORT', 'PAYMENT_PORT', 'NOTIFY_PORT']);
    expect((await claimPorts(wishes, proposed, HOST)).get('AUTH_PORT')).toBe(Number(proposed['AUTH_PORT']));
    servers.forEach((server) => {
      server.close();
    });
  });

  test('keeps in the command line what is set already, and proposes no port that is taken too', async () => {
    const server = createServer().listen(0, HOST).unref();
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const above = port + 10_000 <= 65_535 ? port + 10_000 : port - 10_000;
    const environment = { AUTH_PORT: String(above), PAYMENT_PORT: String(port) };
    const proposed = settingsIn(await messageOf(claimPorts(WISHES, environment, HOST)));
    expect(proposed['AUTH_PORT']).toBe(String(above));
    expect(proposed['PAYMENT_PORT']).not.toBe(String(above));
    await claimPorts(WISHES, proposed, HOST);
    server.close();
  });

  test('names both variables when two want the same port', async () => {
    const [free] = (await claimPorts(WISHES.slice(0, 1), { AUTH_PORT: '0' }, HOST)).values();
    const claim = claimPorts(WISHES, { AUTH_PORT: String(free), PAYMENT_PORT: String(free) }, HOST);
    await expect(claim).rejects.toThrow(
      `Port ${free}, where payment should listen, is also AUTH_PORT. Set PAYMENT_PORT or AUTH_PORT to another port.`,
    );
  });

  test.each(['65536', '-1', 'http', '80.5', ' '])('refuses %j with the value and the cure', async (value) => {
    await expect(claimPorts(WISHES, { AUTH_PORT: value }, HOST)).rejects.toThrow(
      `AUTH_PORT=${JSON.stringify(value)} is not a port from 0 to 65535. Set it like AUTH_PORT=8081, or leave it out.`,
    );
  });

  test('says so when the host is not an address of this machine', async () => {
    await expect(claimPorts(WISHES, { AUTH_PORT: '0' }, '192.0.2.1')).rejects.toThrow(
      'HOST="192.0.2.1" is not an address of this machine (EADDRNOTAVAIL)',
    );
  });
});
