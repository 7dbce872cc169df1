// Starts an application in a process of its own, traced by `--import register.ts`, and talks to it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import type { Question } from './settle.ts';

export type Mode = 'listen' | 'stock';

/** What the application tells when it is asked to settle. */
export interface Settled {
  /** Spans that are still open. */
  readonly open: number;
  /** Errors of tracing itself. */
  readonly faults: number;
}

export interface TracedApp {
  readonly port: number;
  readonly tlsPort: number;
  /** Lines on standard error. */
  readonly lines: readonly string[];
  /** Resolves when every span has ended (as far as one is going to) and the backend has confirmed it. */
  settle(leftOpen?: number): Promise<Settled>;
  /** Ends it by SIGTERM; resolves to its exit code or signal. */
  stop(): Promise<number | NodeJS.Signals | null>;
}

interface Start {
  readonly entry: string;
  readonly mode?: Mode;
  /** What starts tracing before the application; our own `register` unless told otherwise. */
  readonly preload?: string;
  readonly endpoint: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Another Node.js than the one that runs the tests, with options of its own: `TRACED_NODE='node22 --flag'`. */
const [node = process.execPath, ...options] = process.env.TRACED_NODE?.split(' ') ?? [];

const register = resolve(__dirname, '../../../src/register.ts');

export async function startTracedApp({
  entry,
  endpoint,
  env,
  mode = 'listen',
  preload = register,
}: Start): Promise<TracedApp> {
  const args = [...options, '--conditions=longpole-source', '--import', preload, entry];
  const child = spawn(node, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: `conformance-${mode}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      LONGPOLE_INSTRUMENTATION: mode,
      NODE_ENV: 'test',
      ...env,
    },
  });
  const lines: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trimEnd().split('\n')));
  const exited = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => {
      reject(new Error(`the application ended early (${code ?? signal}):\n${lines.join('\n')}`));
    });
  });
  exited.catch(() => undefined);
  const nextMessage = <T>(): Promise<T> =>
    Promise.race([
      exited,
      new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T))),
    ]);

  const { port, tlsPort } = await nextMessage<{ port: number; tlsPort: number }>();
  const settle = (leftOpen = 0): Promise<Settled> => {
    const answer = nextMessage<Settled>();
    child.send({ leftOpen } satisfies Question);
    return answer;
  };
  return { port, tlsPort, lines, settle, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  return code ?? signal;
}
