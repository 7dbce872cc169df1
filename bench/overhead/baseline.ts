// Keeps the ratios of a run, and compares those of another run with them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from './compare.ts';

const FILE = join(import.meta.dirname, '..', 'baseline.json');
/** A ratio that has grown by more than this is a regression. */
const LIMIT = 1.15;

/** Processor time ÷ bare, by workload and tracer. */
type Baseline = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function writeBaseline(comparisons: readonly Comparison[]): void {
  const ratios = comparisons.map(({ workload, rows }) => [
    workload.name,
    Object.fromEntries(rows.map(({ name, cpu }) => [name, Number(cpu.median.toFixed(3))])),
  ]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(ratios), null, 2)}\n`);
}

/**
 * A sentence for each tracer of ours that costs more than it did. Ratios within one run are compared, because absolute
 * times are of the machine and the hour.
 *
 * @throws Error without a baseline
 */
export function regressions({ workload, rows }: Comparison): string[] {
  const before = readBaseline()[workload.name] ?? {};
  return rows.flatMap(({ name, cpu: { median } }) => {
    const known = before[name];
    if (!name.startsWith('longpole') || known === undefined || median <= known * LIMIT) return [];
    return [
      `${workload.name}, ${name}: ${median.toFixed(2)}× bare Express, ${known.toFixed(2)}× in the baseline`,
    ];
  });
}

function readBaseline(): Baseline {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Baseline;
  } catch (cause) {
    throw new Error('There is no bench/baseline.json to compare with: run `npm run bench` once.', { cause });
  }
}
