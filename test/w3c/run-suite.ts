// Runs the W3C Trace Context validation suite once, against one endpoint.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const LONGEST_MS = 300_000;

export interface SuiteRun {
  readonly checkout: string;
  readonly python: string;
  readonly endpoint: string;
}

/** Everything that the suite printed, at the strictest level of the newest specification. */
export async function runSuite({ checkout, python, endpoint }: SuiteRun): Promise<string> {
  const env = {
    ...process.env,
    SPEC_LEVEL: '2',
    STRICT_LEVEL: '2',
    HARNESS_HOST: '127.0.0.1',
    HARNESS_PORT: String(await freePort()),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(python, ['test.py', endpoint], {
      cwd: join(checkout, 'test'),
      env,
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const collect = (text: string) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
