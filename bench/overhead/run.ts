// `npm run bench`: measures Longpole and other tracers against bare Express, and writes RESULTS.md and baseline.json.

import { existsSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { regressions, writeBaseline } from './baseline.ts';
import { makeCertificates } from './certificates.ts';
import { compareColdStart } from './cold-start.ts';
import { type Comparison, compare } from './compare.ts';
import { measureIngest } from './ingest.ts';
import { compareLatency } from './latency.ts';
import { machineLine, versionsOf } from './machine.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { Worker } from './questions.ts';
import { coldStartSection, comparisonSection, ingestSection, latencySection } from './report.ts';
import type { Surroundings } from './subject.ts';
import { before, LONGPOLE, STOCK, VARIANTS, type Variant } from './variants.ts';
import { HOP, WORKLOADS } from './workloads.ts';

const BENCH = join(import.meta.dirname, '..');
const CONNECTIONS = 16;
/** What the smaller workloads are measured with. */
const FEW: readonly Variant[] = VARIANTS.filter(
  (variant) => variant.name === 'bare-again' || variant === LONGPOLE || variant === STOCK,
);

async function withSurroundings<T>(work: (around: Surroundings) => Promise<T>): Promise<T> {
  const sink = new Worker('sink', join(import.meta.dirname, 'sink', 'main.ts'));
  const load = new Worker('load', join(import.meta.dirname, 'load.ts'));
  const certificates = makeCertificates();
  try {
    const { port: targetPort } = await sink.ask<{ port: number }>('target');
    return await work({ sink, load, targetPort, certificates });
  } finally {
    certificates?.remove();
    await Promise.all([sink.stop(), load.stop()]);
  }
}

function chosen({ only, isCheck, before: other }: BenchOptions): readonly Variant[] {
  const names = VARIANTS.map(({ name }) => name);
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`No tracer is called ${unknown.join(', ')}: ${names.join(', ')}`);
  const isOurs = ({ name }: Variant): boolean => name === 'bare-again' || name.startsWith('longpole');
  const wanted = VARIANTS.filter((variant) => only?.includes(variant.name) ?? (!isCheck || isOurs(variant)));
  return other === undefined ? wanted : [...wanted, before(resolve(other))];
}

async function check(options: BenchOptions): Promise<void> {
  const comparison = await withSurroundings((around) =>
    compare(HOP, chosen(options), around, { ...options, connections: CONNECTIONS }),
  );
  console.log(comparisonSection(comparison));
  const worse = regressions(comparison);
  for (const sentence of worse) console.log(`Slower than before: ${sentence}`);
  process.exitCode = worse.length === 0 ? 0 : 1;
}

async function measureAll(options: BenchOptions): Promise<void> {
  const loadBefore = loadavg();
  const sections: string[] = [];
  const say = (section: string): void => {
    sections.push(section);
    console.log(section);
  };
  await withSurroundings(async (around) => {
    const comparisons = await compareWorkloads(options, around, say);
    const perSecond = Math.round((comparisons[0]?.barePerSecond ?? 1000) / 2);
    const plan = { rounds: 3, seconds: options.latencySeconds, perSecond, warmUp: options.warmUp };
    const withDatadog = VARIANTS.filter(
      (each) => each === LONGPOLE || each === STOCK || each.name === 'dd-trace',
    );
    if (options.only === undefined) {
      say(latencySection(await compareLatency(withDatadog, around, plan), perSecond));
      say(coldStartSection(await compareColdStart(around, options.rounds)));
      const ingest = await measureIngest(options.mode === 'full' ? 600 : 250);
      if (ingest !== undefined) say(ingestSection(ingest));
    }
    if (options.mode !== 'quick' && options.only === undefined)
      writeResults(sections, comparisons, loadBefore, options);
  });
}

async function compareWorkloads(
  options: BenchOptions,
  around: Surroundings,
  say: (section: string) => void,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const workload of options.only === undefined ? WORKLOADS : [HOP]) {
    const variants = workload === HOP ? chosen(options) : FEW;
    const plan = {
      ...options,
      connections: CONNECTIONS,
      rounds: workload === HOP ? options.rounds : Math.ceil(options.rounds / 2) + 1,
    };
    const comparison = await compare(workload, variants, around, plan);
    comparisons.push(comparison);
    say(comparisonSection(comparison));
  }
  return comparisons;
}

function writeResults(
  sections: readonly string[],
  comparisons: readonly Comparison[],
  loadBefore: readonly number[],
  { rounds, mode }: BenchOptions,
): void {
  const head = [
    '# What tracing costs',
    `\`npm run bench${mode === 'full' ? ' -- --full' : ''}\` on ${new Date().toISOString().slice(0, 10)}: ${rounds} rounds of interleaved blocks; median [smallest–largest]. How it is measured, and how to read it, is in [README.md](README.md).`,
    machineLine(loadBefore),
    `Versions: ${versionsOf(VARIANTS)}.`,
  ];
  writeFileSync(join(BENCH, 'RESULTS.md'), `${[...head, ...sections].join('\n\n').trim()}\n`);
  writeBaseline(comparisons);
}

const options = readOptions(process.argv.slice(2));
if (!existsSync(join(BENCH, 'node_modules'))) {
  throw new Error('The other tracers are not installed: run `npm ci` in bench/ first.');
}
await (options.isCheck ? check(options) : measureAll(options));
