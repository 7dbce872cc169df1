// The entry of the command line: hands the process to `runCli`.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './run-cli.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function onStop(stop: () => void): () => void {
  for (const signal of SIGNALS) process.once(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}

/** A reader that has seen enough (`| head`) is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  now: Date.now,
  clock: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
  onStop,
  version: manifest.version,
});
