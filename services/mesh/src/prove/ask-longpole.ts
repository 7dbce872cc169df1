// Asks the command line `longpole` what it makes of the traces since a time, as a pipeline would.
import { spawn } from 'node:child_process';
import { MeshError } from '../mesh-error.ts';
import { nodeArguments, type ProgramKind } from '../node-arguments.ts';
import type { Operation } from './rows.ts';

export interface AskOptions extends ProgramKind {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Base URL of the backend's query API. */
  readonly source: string;
  readonly stop: AbortSignal;
}

export interface Finding {
  readonly code: string;
  readonly sentence: string;
  readonly services: readonly string[];
}

/** What holds the route up most often. */
export interface RouteVerdict extends Operation {
  readonly traces: number;
  /** Share of the route's time, 0 to 1. */
  readonly share: number;
  /** Share of the traces that it holds up, 0 to 1. */
  readonly bottleneckShare: number;
}

const ROUTE = 'POST /api/checkout';

interface RouteJson {
  readonly count: number;
  readonly bottleneck: Omit<RouteVerdict, 'traces'> | null;
}

/** The verdict of `longpole bottleneck` on the checkouts that began at `since` or later. */
export async function askForBottleneck(since: Date, options: AskOptions): Promise<RouteVerdict | undefined> {
  const args = ['bottleneck', '--route', ROUTE, '--since', since.toISOString(), '--json'];
  const { routes } = await askForJson<{ routes: readonly RouteJson[] }>(args, options);
  const { bottleneck = null, count = 0 } = routes[0] ?? {};
  return bottleneck === null ? undefined : { ...bottleneck, traces: count };
}

/** The findings of `longpole doctor` in everything that began at `since` or later. */
export async function askTheDoctor(since: Date, options: AskOptions): Promise<readonly Finding[]> {
  const args = ['doctor', '--complete', '--since', since.toISOString(), '--json'];
  return (await askForJson<{ findings: readonly Finding[] }>(args, options)).findings;
}

async function askForJson<T>(args: readonly string[], options: AskOptions): Promise<T> {
  const { root, environment, source, stop } = options;
  const program = nodeArguments('observatory', 'cli/main', options);
  const child = spawn(process.execPath, [...program, ...args, '--source', source], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: stop,
  });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode === 0) return JSON.parse(written.out) as T;
  throw new MeshError(`longpole ${args.join(' ')} ended with ${exitCode}: ${written.err.trim()}`);
}
