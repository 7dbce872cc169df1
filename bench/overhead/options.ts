// Reads the arguments of `npm run bench`.

import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly rounds: number;
  readonly blockMs: number;
  /** Requests that each application answers before it is measured. */
  readonly warmUp: number;
  readonly latencySeconds: number;
  /** Compare with the committed baseline and write nothing. */
  readonly isCheck: boolean;
  readonly mode: 'quick' | 'default' | 'full';
  /** Names of the variants to measure; all when `undefined`. */
  readonly only: readonly string[] | undefined;
  /** Folder of another build of the middleware, measured beside this one. */
  readonly before: string | undefined;
}

const MODES = {
  quick: { rounds: 3, blockMs: 700, warmUp: 8_000, latencySeconds: 2 },
  default: { rounds: 7, blockMs: 900, warmUp: 15_000, latencySeconds: 3 },
  full: { rounds: 15, blockMs: 1500, warmUp: 25_000, latencySeconds: 8 },
} as const;

const USAGE = `npm run bench -- [--quick | --full] [--check] [--only name,name]
  --quick   3 short rounds; nothing is written
  --full    15 long rounds
  --check   hop only, against bench/baseline.json; fails when a ratio of ours is past 15 %
  --only    names of tracers, such as longpole,dd-trace; nothing is written
  --before  folder of another build of the middleware (package.json and dist), measured as one more tracer`;

/** @throws Error on an argument that is not known, with what is */
export function readOptions(args: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        only: { type: 'string' },
        before: { type: 'string' },
      },
    });
    const mode = values.quick ? 'quick' : values.full ? 'full' : 'default';
    return {
      ...MODES[mode],
      mode,
      isCheck: values.check,
      only: values.only?.split(','),
      before: values.before,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}
