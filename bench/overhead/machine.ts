// Says where and with what versions the figures were measured.

import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { canPin } from '../processors.ts';
import type { Variant } from './variants.ts';

const PLACES = canPin
  ? 'Applications ran on one processor, and all that is around them on the other.'
  : 'There is no taskset or no second processor here: applications did NOT have a processor of their own.';
const BENCH = join(import.meta.dirname, '..');

export function machineLine(loadBefore: readonly number[]): string {
  const [first] = cpus();
  const load = (averages: readonly number[]): string => (averages[0] ?? 0).toFixed(1);
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return (
    `Node.js ${process.versions.node}, ${cpus().length} × ${first?.model ?? 'unknown processor'}, ${gigabytes} GiB, ` +
    `${process.platform} ${process.arch}. Load average ${load(loadBefore)} before and ${load(loadavg())} after: ` +
    `the run itself keeps about two processors busy; more than that was other work. ${PLACES}`
  );
}

/** `dd-trace 6.21.0, …` */
export function versionsOf(variants: readonly Variant[]): string {
  const names = [...new Set(['express', 'axios', ...variants.flatMap(({ packages = [] }) => packages)])];
  return names.map((name) => `${name} ${versionOf(name)}`).join(', ');
}

function versionOf(name: string): string {
  try {
    const text = readFileSync(join(BENCH, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return 'not installed';
  }
}
