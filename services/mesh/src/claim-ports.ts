// Finds out, before anything is started, which port each process gets, and that it is free.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { EXIT_BAD_ENVIRONMENT, MeshError } from './mesh-error.ts';

export interface PortWish {
  /** Who will listen there, for messages. */
  readonly owner: string;
  /** The environment variable that sets it. */
  readonly variable: string;
  readonly fallback: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Ports by variable. 0 becomes a free port. Throws a MeshError that names the port, its owner and the variable. */
export async function claimPorts(
  wishes: readonly PortWish[],
  environment: Environment,
  host: string,
): Promise<ReadonlyMap<string, number>> {
  const held: Server[] = [];
  const ports = new Map<string, number>();
  try {
    for (const wish of wishes) {
      const wanted = readPort(wish, environment);
      const twin = wanted === 0 ? undefined : [...ports].find(([, port]) => port === wanted)?.[0];
      if (twin !== undefined) throw sharedPort(wish, wanted, twin);
      const server = await hold(wish, wanted, host);
      held.push(server);
      ports.set(wish.variable, (server.address() as AddressInfo).port);
    }
  } finally {
    await Promise.all(held.map(letGo));
  }
  return ports;
}

function readPort({ variable, fallback }: PortWish, environment: Environment): number {
  const text = environment[variable] ?? '';
  if (text === '') return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new MeshError(
    `${variable}=${JSON.stringify(text)} is not a port from 0 to 65535. Set it like ${variable}=${fallback}, or leave it out.`,
    EXIT_BAD_ENVIRONMENT,
  );
}

async function hold(wish: PortWish, port: number, host: string): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new MeshError(describeFailure(wish, port, host, code), EXIT_BAD_ENVIRONMENT);
  }
}

function describeFailure({ owner, variable }: PortWish, port: number, host: string, code: string): string {
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST=${JSON.stringify(host)} is not an address of this machine (${code}). Set it like HOST=127.0.0.1, or leave it out.`;
  }
  const why = code === 'EADDRINUSE' ? 'is taken by another process' : `can't be used (${code})`;
  return (
    `Port ${port}, where ${owner} should listen, ${why}. ` +
    `Stop what uses it, or choose another port: ${variable}=${suggest(port)} npm start`
  );
}

function suggest(port: number): number {
  return port + 10_000 <= 65_535 ? port + 10_000 : port - 10_000;
}

function sharedPort({ owner, variable }: PortWish, port: number, twin: string): MeshError {
  return new MeshError(
    `Port ${port}, where ${owner} should listen, is also ${twin}. Set ${variable} or ${twin} to another port.`,
    EXIT_BAD_ENVIRONMENT,
  );
}

async function letGo(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await closed;
}
