// `npm run bench:count`: counts the instructions and cache misses of a request under callgrind, with Longpole and without.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../overhead/options.ts';
import { Worker } from '../overhead/questions.ts';
import { folderOfMiddleware } from '../overhead/selection.ts';
import { BARE, before, LONGPOLE, sinkEnvironment, VARIANTS, type Variant } from '../overhead/variants.ts';
import { countOnce, hasValgrind, type Plan } from './callgrind.ts';
import { type Counted, functionsTable, kindsTable, totalsTable } from './report.ts';

const USAGE = `npm run bench:count -- [--requests 1000] [--warm-up 24000] [--functions 20] [--before folder]
  --requests   requests that are counted
  --warm-up    requests that are answered before
  --functions  functions to be told
  --before     folder of another checkout that has been built, counted too`;

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        requests: { type: 'string', default: '1000' },
        'warm-up': { type: 'string', default: '24000' },
        functions: { type: 'string', default: '20' },
        before: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. What can be said:\n${USAGE}`);
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`--${name} ${text} is no whole number above 0. What can be said:\n${USAGE}`);
}

async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const plan: Plan = {
    requests: wholeNumber('requests', options.requests),
    warmUp: wholeNumber('warm-up', options['warm-up']),
  };
  const functions = wholeNumber('functions', options.functions);
  const other = options.before === undefined ? [] : [before(folderOfMiddleware(options.before))];
  if (!existsSync(join(import.meta.dirname, '..', 'node_modules')))
    throw new UsageError('Express and axios are not installed there: run `npm ci` in bench/ first.');
  if (!hasValgrind()) throw new UsageError('valgrind is not installed: `apt-get install valgrind`.');
  const off = VARIANTS.filter(({ name }) => name === 'longpole-off');
  const [bare, ...traced] = await countAll([BARE, ...off, LONGPOLE, ...other], plan);
  console.log(`${totalsTable([bare, ...traced])}\n`);
  for (const each of traced) console.log(`${kindsTable(bare, each)}\n`);
  const every = traced.find(({ label }) => label === LONGPOLE.label);
  if (every !== undefined) console.log(functionsTable(bare, every, functions));
}

async function countAll(
  [first, ...others]: readonly [Variant, ...Variant[]],
  plan: Plan,
): Promise<[Counted, ...Counted[]]> {
  const sink = new Worker('sink', join(import.meta.dirname, '..', 'overhead', 'sink', 'main.ts'));
  try {
    const { port } = await sink.ask<{ port: number }>('open', { protocol: 'otlp' });
    // A small heap: where a large one is collected step by step, a part of it would be counted with some requests.
    const environment = { ...sinkEnvironment('otlp', port), BENCH_KEPT: '0' };
    const count = async (variant: Variant): Promise<Counted> => {
      console.error(`counting ${variant.name}`);
      const byFunction = await countOnce(variant, environment, plan);
      return { label: variant.label, byFunction, requests: plan.requests };
    };
    const counted: [Counted, ...Counted[]] = [await count(first)];
    for (const variant of others) counted.push(await count(variant));
    return counted;
  } finally {
    await sink.stop();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
