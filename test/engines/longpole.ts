// Runs the command line as a user does: `npx longpole …` in the repository.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { JAEGER } from './addresses.ts';

const run = promisify(execFile);

/** What `longpole bottleneck --json` prints, as far as the engine test reads it. */
export interface Verdict {
  traceId: string;
  durationMs: number;
  bottleneck: { service: string; operation: string; selfMs: number; share: number };
  criticalPath: { service: string; operation: string }[];
}

/** `npx longpole bottleneck … --source <Jaeger>`; gives standard output, throws with standard error if it fails. */
export async function bottleneck(...args: string[]): Promise<string> {
  const command = ['--no-install', 'longpole', 'bottleneck', ...args, '--source', JAEGER];
  const { stdout } = await run('npx', command, { env: { ...process.env, NO_COLOR: '1' }, timeout: 30_000 });
  return stdout;
}
