// Starts a backend on a processor of its own, waits until it answers, and ends it by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { canPin, PROCESSORS } from '../processors.ts';

const PATIENCE_MS = 60_000;

export interface BackendProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`${child.spawnargs.join(' ')} does not answer at ${url}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Starts a command, pinned to one processor where the system can, and waits until `url` answers. */
export async function startBackend(command: readonly string[], url: string): Promise<BackendProcess> {
  const [name = '', ...args] = canPin ? ['taskset', '-c', PROCESSORS.measured, ...command] : command;
  const env = { ...process.env, OTEL_TRACES_SAMPLER: 'always_off' };
  const child = spawn(name, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const gone = once(child, 'exit');
  const kill = (): boolean => child.kill();
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await gone;
    process.off('exit', kill);
  };
  try {
    await untilReady(child, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, stop };
}
