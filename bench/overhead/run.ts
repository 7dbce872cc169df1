// `npm run bench`: measures Longpole and other tracers against bare Express, and writes RESULTS.md and baseline.json.

import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { regressions } from './baseline.ts';
import { readBaseline, writeResults } from './files.ts';
import { measure } from './measurement.ts';
import { type BenchOptions, readOptions, UsageError } from './options.ts';
import { select } from './selection.ts';

async function run(options: BenchOptions): Promise<void> {
  const selection = select(options);
  if (!existsSync(join(import.meta.dirname, '..', 'node_modules'))) {
    throw new UsageError('The other tracers are not installed: run `npm ci` in bench/ first.');
  }
  const baseline = options.isCheck ? readBaseline() : undefined;
  const loadBefore = loadavg();
  const results = await measure(selection, options.mode, (section) => console.log(`${section}\n`));
  if (selection.isWhole) writeResults(results, { mode: options.mode, loadBefore });
  if (baseline === undefined) return;
  const worse = regressions(results.comparisons, baseline);
  for (const sentence of worse) console.log(`Slower than before: ${sentence}`);
  if (worse.length === 0) console.log('No ratio of ours has grown by over 15 %.');
  process.exitCode = worse.length === 0 ? 0 : 1;
}

// The processes of the measurement end when this one does, and what it has to tidy up is tidied up at its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
