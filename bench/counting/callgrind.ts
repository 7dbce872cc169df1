// Runs the application under callgrind once and reads what was counted.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inherited } from '../overhead/questions.ts';
import { makeTemporaryFolder } from '../overhead/temporary-folder.ts';
import type { Variant } from '../overhead/variants.ts';
import { type Counts, readCounts, SymbolMap } from './read-counts.ts';

export interface Plan {
  /** Requests that are answered before. */
  readonly warmUp: number;
  /** Requests that are counted. */
  readonly requests: number;
}

/** 32 kB for instructions, 32 kB for data, and 1 MB behind both. */
const CACHES = ['--I1=32768,8,64', '--D1=32768,8,64', '--LL=1048576,8,64'];
const VALGRIND = [
  '--tool=callgrind',
  '--instr-atstart=no',
  '--cache-sim=yes',
  ...CACHES,
  '--dump-instr=yes',
  '--dump-line=no',
  '--compress-pos=no',
  '--compress-strings=no',
  '--smc-check=all-non-file',
];
/** One thread, so that what is compiled when is the same each time, and code that stays where it was. */
const NODE = [
  '--predictable',
  '--no-allocation-site-pretenuring',
  '--no-compact-code-space',
  '--perf-basic-prof',
];
const APPLICATION = join(import.meta.dirname, 'application.cjs');
const OUTPUT = 'callgrind.counts';

export function hasValgrind(): boolean {
  return spawnSync('valgrind', ['--version']).status === 0;
}

/**
 * Counts by function, of all counted requests together.
 *
 * @throws Error with what the application said when it fails
 */
export async function countOnce(
  { env }: Variant,
  environment: Readonly<Record<string, string>>,
  { warmUp, requests }: Plan,
): Promise<Map<string, Counts>> {
  const folder = makeTemporaryFolder();
  try {
    const child = spawn(
      'valgrind',
      [
        ...VALGRIND,
        `--callgrind-out-file=${join(folder.path, OUTPUT)}`,
        process.execPath,
        ...NODE,
        `--perf-basic-prof-path=${folder.path}`,
        `--logfile=${join(folder.path, 'v8.log')}`,
        APPLICATION,
      ],
      {
        cwd: folder.path,
        env: {
          ...inherited(),
          NODE_ENV: 'production',
          ...environment,
          ...env,
          COUNT_WARM_UP: String(warmUp),
          COUNT_REQUESTS: String(requests),
        },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    child.stderr.on('data', (text) => {
      said = (said + text).slice(-2000);
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The application ended with code ${code}. It said:\n${said}`);
    return readCounts(read(folder.path, OUTPUT), new SymbolMap(read(folder.path, 'perf-')));
  } finally {
    folder.remove();
  }
}

function read(folder: string, start: string): string {
  const name = readdirSync(folder).find((each) => each.startsWith(start));
  if (name === undefined) throw new Error(`callgrind has left no file ${start}* in ${folder}`);
  return readFileSync(join(folder, name), 'latin1');
}
