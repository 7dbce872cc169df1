// The entry of the command line: hands the process to `runCli`.
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EXIT_OF_SIGNAL, type StopSignal } from './exit-codes.ts';
import { runCli } from './run-cli.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** From the sources as from the build: the page is always in the build. */
const page = fileURLToPath(new URL('../../dist/viewer', import.meta.url));

const SIGNALS = Object.keys(EXIT_OF_SIGNAL) as StopSignal[];

function onStop(stop: (signal: StopSignal) => void): () => void {
  for (const signal of SIGNALS) process.once(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}

/** A reader that has seen enough (`| head`) is no failure: what is still written goes nowhere, the exit code stays. */
function ignoreGoneReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

process.stdout.on('error', ignoreGoneReader);
process.stderr.on('error', ignoreGoneReader);

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
  writeFile: (path, text) => writeFile(path, text),
  version: manifest.version,
  ...(existsSync(page) && { pageFolder: page }),
});
if (Object.values<number>(EXIT_OF_SIGNAL).includes(process.exitCode)) process.exit();
