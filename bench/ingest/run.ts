// `npm run bench:ingest`: measures how fast backends take spans in, prints tables and writes RESULTS-ingest.md.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { canPin, keepOn, PROCESSORS } from '../processors.ts';
import { type Figures, measure, type Plan } from './measure.ts';
import { report, type SubjectResult } from './report.ts';
import { jaeger, longpole, type Subject } from './subjects.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const { values: options } = parseArgs({
  options: {
    /** A checkout of the first version, built: see README.md. */
    first: { type: 'string' },
    /** `ours,jaeger`: measures these and writes nothing. */
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    /** One short round, which writes nothing. */
    quick: { type: 'boolean', default: false },
  },
});

const FULL: Plan = { keptGroups: 200, floodBatches: 800, pacedSpansPerSecond: 60_000, pacedSeconds: 15 };
const QUICK: Plan = { keptGroups: 80, floodBatches: 200, pacedSpansPerSecond: 60_000, pacedSeconds: 4 };

function firstVersion(): Subject {
  const name = 'longpole up, first version';
  if (options.first !== undefined) return longpole(name, options.first, false);
  const missing = 'no checkout of it: name one with --first';
  return { name, missing, start: () => Promise.reject(new Error(missing)) };
}

function commitOf(checkout: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', checkout, ...args], { encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', changed' : ''}`;
}

const subjects = {
  ours: longpole('longpole up, this build', ROOT, false),
  file: longpole('longpole up, this build, with a file', ROOT, true),
  first: firstVersion(),
  jaeger: jaeger(),
};
const rounds = options.quick ? 1 : Number(options.rounds);
const plan = options.quick ? QUICK : FULL;
const figures = new Map<Subject, Figures[]>();

async function runRound(order: readonly Subject[]): Promise<void> {
  for (const subject of order) {
    if (subject.missing !== undefined) {
      console.log(`${subject.name}: NOT MEASURED, ${subject.missing}`);
      continue;
    }
    const measured = await measure(subject, plan);
    figures.set(subject, [...(figures.get(subject) ?? []), measured]);
    const { speed, paced } = measured;
    console.log(
      `${subject.name}: ${Math.round(speed.spansPerSecond)} spans/s, ${speed.cpuUsPerSpan.toFixed(1)} µs and ` +
        `${Math.round(speed.bytesPerSpan)} bytes a span, p99 ${paced.p99Ms.toFixed(1)} ms`,
    );
  }
}

function resultOf(subject: Subject): SubjectResult {
  const { name, missing } = subject;
  return { name, missing, version: subject.version, rounds: figures.get(subject) ?? [] };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
keepOn(PROCESSORS.others, process.pid);
const loadBefore = loadavg()[0] ?? 0;
const began = performance.now();
const only = options.only?.split(',');
const order = Object.entries(subjects)
  .filter(([key]) => only?.includes(key) ?? true)
  .map(([, subject]) => subject);
for (let round = 0; round < rounds; round++) {
  console.log(`round ${round + 1} of ${rounds}`);
  await runRound(round % 2 === 0 ? order : order.toReversed());
}
const text = report({
  ours: resultOf(subjects.ours),
  file: resultOf(subjects.file),
  first: resultOf(subjects.first),
  jaeger: resultOf(subjects.jaeger),
  plan,
  commit: commitOf(ROOT),
  firstCommit: options.first === undefined ? undefined : commitOf(options.first),
  isPinned: canPin,
  loads: [loadBefore, loadavg()[0] ?? 0],
  minutes: (performance.now() - began) / 60_000,
});
console.log(text);
if (!options.quick && only === undefined) writeFileSync(join(ROOT, 'bench', 'RESULTS-ingest.md'), text);
