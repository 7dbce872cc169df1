// Reads and writes the files that a run leaves behind: RESULTS.md and baseline.json.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Baseline, baselineOf } from './baseline.ts';
import { machineLine, versionsOf } from './machine.ts';
import type { Results } from './measurement.ts';
import { type Mode, UsageError } from './options.ts';
import { quoteTables, quoteTargets } from './quotes.ts';
import { targetsSection } from './report/targets.ts';
import { VARIANTS } from './variants.ts';

const BENCH = join(import.meta.dirname, '..');
const BASELINE = join(BENCH, 'baseline.json');
const INGEST = 'RESULTS-ingest.md';

/** @throws UsageError without a baseline */
export function readBaseline(): Baseline {
  if (existsSync(BASELINE)) return JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
  throw new UsageError('There is no bench/baseline.json to compare with: run `npm run bench` once.');
}

export function writeResults(
  results: Results,
  { mode, loadBefore }: { readonly mode: Mode; readonly loadBefore: readonly number[] },
): void {
  const command = `npm run bench${mode === 'full' ? ' -- --full' : ''}`;
  const today = new Date().toISOString().slice(0, 10);
  const page = [
    '# What tracing costs',
    `\`${command}\` on ${today}; median [smallest–largest] of the rounds. How it is measured, and how to read it, is in [README.md](README.md).`,
    machineLine(loadBefore),
    `Versions: ${versionsOf(VARIANTS)}.`,
    targetsSection(results, quotedTargets()),
    ...results.sections,
    ...OTHERS.map(quoted),
  ];
  writeFileSync(
    join(BENCH, 'RESULTS.md'),
    `${page
      .map((part) => part.trim())
      .filter(Boolean)
      .join('\n\n')}\n`,
  );
  writeFileSync(BASELINE, `${JSON.stringify(baselineOf(results.comparisons), null, 2)}\n`);
}

interface Other {
  readonly title: string;
  readonly file: string;
  readonly command: string;
  readonly rows: RegExp;
}

/** What the other measurements are quoted with. */
const OTHERS: readonly Other[] = [
  {
    title: '`longpole up` taking in spans',
    file: INGEST,
    command: 'npm run bench:ingest',
    rows: /^\| (longpole up, this build|Jaeger, in memory) \|/,
  },
  {
    title: 'The analysis',
    file: 'RESULTS-analysis.md',
    command: 'npm run bench:analysis',
    rows: /^\| *(mesh \| *100000|chain \| *1?0000|10000 × 50) /,
  },
  {
    title: 'The page',
    file: '../docs/viewer.md',
    command: 'npm run test:browser',
    rows: /^\| (first paint|all of its files|a trace of|scrolling|collapse)\b/,
  },
];

/** Said of `longpole up`, of which the names do not tell it. */
function quotedTargets(): string[] {
  const path = join(BENCH, INGEST);
  const rows = existsSync(path) ? quoteTargets(readFileSync(path, 'utf8')) : [];
  return rows.map((row) => row.replace(/^\| */, '| `longpole up`: '));
}

function quoted({ title, file, command, rows }: Other): string {
  const path = join(BENCH, file);
  const name = basename(file);
  if (!existsSync(path))
    return `## ${title}\n\nNot measured: there is no ${name}; \`${command}\` measures it.`;
  const tables = quoteTables(readFileSync(path, 'utf8'), rows);
  return [`## ${title}`, `From [${name}](${file}), measured by \`${command}\`.`, ...tables].join('\n\n');
}
