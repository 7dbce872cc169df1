// The mesh of a proof comes up although somebody takes one of its free ports in the last moment.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { claimPorts } from '../src/claim-ports.ts';
import { startQuietMesh } from '../src/prove/quiet-mesh.ts';
import { GUARD, ROOT } from './running-services.ts';

const HOST = '127.0.0.1';
const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** Somebody else's, on a port of its own. */
async function listenThere(): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, HOST);
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Starts it; the first claims, so many as are said, get a port for notify that is lost before it is there. */
async function startWith(lostClaims: number): Promise<number> {
  const lost = await listenThere();
  let claims = 0;
  const mesh = await startQuietMesh({
    root: ROOT,
    guard: GUARD,
    isBuilt: false,
    environment: process.env,
    terminal: { out: () => undefined, err: () => undefined, isInteractive: false },
    stop: new AbortController().signal,
    kill: new AbortController().signal,
    claim: async (...args) => {
      const ports = await claimPorts(...args);
      return claims++ < lostClaims ? new Map([...ports, ['NOTIFY_PORT', lost]]) : ports;
    },
  });
  await mesh.end();
  return claims;
}

test('chooses other ports when one is lost', async () => {
  expect(await startWith(1)).toBe(2);
}, 60_000);

test('says which one when they are lost again and again', async () => {
  await expect(startWith(9)).rejects.toThrow(
    /^notify ended with exit code 2\..*Port \d+ on 127\.0\.0\.1 is taken/s,
  );
}, 60_000);
