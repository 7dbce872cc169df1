// Reads the arguments of `npm run bench`.

import { parseArgs } from 'node:util';

export type Mode = 'quick' | 'default' | 'full';

export interface BenchOptions {
  readonly mode: Mode;
  /** Compare with the committed baseline and write nothing. */
  readonly isCheck: boolean;
  /** Names of tracers, workloads and parts to measure; everything when `undefined`. */
  readonly only: readonly string[] | undefined;
  /** Folder of another checkout or build of the middleware, measured beside this one. */
  readonly before: string | undefined;
}

/** A mistake of the person who called, told without a stack. */
export class UsageError extends Error {}

const USAGE = `npm run bench -- [--quick | --full] [--check] [--only name,name] [--before folder]
  --quick   2 short rounds; nothing is written
  --full    11 rounds, more tracers, and memory over 10 minutes
  --check   the hop with ours only, against bench/baseline.json; fails when a ratio has grown by over 15 %
  --only    names of tracers, workloads or parts, such as longpole,dd-trace or stream; nothing is written
  --before  folder of another checkout that has been built, measured as one more tracer; nothing is written`;

const FLAGS = {
  quick: { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  only: { type: 'string' },
  before: { type: 'string' },
} as const;

/** @throws UsageError on an argument that is not known, with what is */
export function readOptions(args: readonly string[]): BenchOptions {
  const values = parse(args);
  if (values.quick && values.full)
    throw misuse('--quick and --full exclude each other: leave one of them out');
  return {
    mode: values.quick ? 'quick' : values.full ? 'full' : 'default',
    isCheck: values.check,
    only: values.only?.split(',').map((name) => name.trim()),
    before: values.before,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw misuse(why);
  }
}

function misuse(why: string): UsageError {
  return new UsageError(`${why}. What can be said:\n${USAGE}`);
}

/** @throws UsageError on names that nothing has, with those that there are */
export function checkNames(given: readonly string[], known: readonly string[]): void {
  const unknown = given.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new UsageError(
    `Nothing to measure is called ${unknown.map((name) => `“${name}”`).join(', ')}. Name some of: ${known.join(', ')}`,
  );
}
