// Finds out, before anything is started, which port each process gets, and that it is free.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { EXIT_BAD_ENVIRONMENT, MeshError } from './mesh-error.ts';
import { type TakenPort, takenPorts } from './taken-ports.ts';

/** From a port that is taken to the one that is proposed. */
const DISTANCE = 10_000;

export interface PortWish {
  /** Who will listen there, for messages. */
  readonly owner: string;
  /** The environment variable that sets it. */
  readonly variable: string;
  readonly fallback: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Ports by variable. 0 becomes a free port. Throws a MeshError: for ports that are taken it names all of them, their
 * owners, and a command line with every variable that has to be set.
 */
export async function claimPorts(
  wishes: readonly PortWish[],
  environment: Environment,
  host: string,
): Promise<ReadonlyMap<string, number>> {
  const held: Server[] = [];
  const ports = new Map<string, number>();
  const taken: TakenPort[] = [];
  try {
    for (const [wish, wanted] of readPorts(wishes, environment)) {
      const server = await hold(wanted, host);
      if (typeof server === 'string') taken.push({ wish, port: wanted, code: server });
      else ports.set(wish.variable, keep(server, held));
    }
    if (taken.length > 0) throw takenPorts(taken, await chooseOthers(wishes, environment, taken, host, held));
  } finally {
    await Promise.all(held.map(letGo));
  }
  return ports;
}

/** Every wish with its port. Throws when two share one, or when one is no port. */
function readPorts(wishes: readonly PortWish[], environment: Environment): Map<PortWish, number> {
  const wanted = new Map<PortWish, number>();
  for (const wish of wishes) {
    const port = readPort(wish, environment);
    const twin = port === 0 ? undefined : [...wanted].find(([, other]) => other === port)?.[0];
    if (twin !== undefined) throw sharedPort(wish, port, twin.variable);
    wanted.set(wish, port);
  }
  return wanted;
}

/** What the caller has set, with a free port instead of each that is taken. */
async function chooseOthers(
  wishes: readonly PortWish[],
  environment: Environment,
  taken: readonly TakenPort[],
  host: string,
  held: Server[],
): Promise<ReadonlyMap<string, number>> {
  const settings = new Map<string, number>();
  for (const wish of wishes) {
    const lost = taken.find((one) => one.wish === wish);
    if (lost !== undefined) settings.set(wish.variable, await findFree(lost.port, host, held));
    else if (environment[wish.variable]) settings.set(wish.variable, readPort(wish, environment));
  }
  return settings;
}

/** The port 10 000 above (or below) when it is free, else any. It stays held, so that no other is given the same. */
async function findFree(port: number, host: string, held: Server[]): Promise<number> {
  for (const candidate of [port + DISTANCE <= 65_535 ? port + DISTANCE : port - DISTANCE, 0]) {
    const server = await hold(candidate, host);
    if (typeof server !== 'string') return keep(server, held);
  }
  throw new MeshError(`There is no free port on ${host}.`);
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

/** The server that holds the port, or the error code. Throws when `host` is none of this machine. */
async function hold(port: number, host: string): Promise<Server | string> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRNOTAVAIL' && code !== 'ENOTFOUND') return code;
    throw new MeshError(
      `HOST=${JSON.stringify(host)} is not an address of this machine (${code}). Set it like HOST=127.0.0.1, or leave it out.`,
      EXIT_BAD_ENVIRONMENT,
    );
  }
}

function keep(server: Server, held: Server[]): number {
  held.push(server);
  return (server.address() as AddressInfo).port;
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
