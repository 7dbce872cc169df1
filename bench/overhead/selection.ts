// Chooses what a run measures: which tracers on which workloads, and which parts.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BenchOptions, checkNames, UsageError } from './options.ts';
import { before, LONGPOLE, STOCK, VARIANTS, type Variant } from './variants.ts';
import { HOP, WORKLOADS, type Workload } from './workloads.ts';

/** What is measured beside the workloads. */
const PARTS = ['cold-start', 'export', 'steady', 'memory'] as const;
export type Part = (typeof PARTS)[number];

export interface Selection {
  readonly work: readonly { readonly workload: Workload; readonly variants: readonly Variant[] }[];
  readonly parts: readonly Part[];
  /** Whether the hop is measured at half of the load too. */
  readonly hasHalfLoad: boolean;
  /** Whether it is everything, and nothing beside it: only then are results written. */
  readonly isWhole: boolean;
}

/** What the smaller workloads are measured with. */
const FEW = VARIANTS.filter((each) => each.name === 'bare-again' || each === LONGPOLE || each === STOCK);

/** @throws UsageError on names that nothing has, and on a folder without a build */
export function select(options: BenchOptions): Selection {
  const { only = [], isCheck, mode } = options;
  checkNames(only, [...VARIANTS, ...WORKLOADS].map(({ name }) => name).concat(PARTS));
  const named = VARIANTS.filter(({ name }) => only.includes(name));
  const parts = PARTS.filter((part) => only.includes(part));
  const other = options.before === undefined ? [] : [before(folderOfMiddleware(options.before))];
  const usual = (workload: Workload): readonly Variant[] => {
    if (isCheck) return VARIANTS.filter(isOurs);
    return workload === HOP ? VARIANTS.filter(({ isExtra }) => mode === 'full' || isExtra !== true) : FEW;
  };
  const workloads = WORKLOADS.filter((workload) => {
    if (isCheck) return workload === HOP;
    if (only.some((name) => WORKLOADS.some((each) => each.name === name)))
      return only.includes(workload.name);
    return only.length === 0 || (workload === HOP && (named.length > 0 || other.length > 0));
  });
  const work = workloads.map((workload) => {
    const variants = named.length > 0 ? named : usual(workload);
    return { workload, variants: [...variants, ...other] };
  });
  const isAll = options.only === undefined;
  return {
    work,
    parts: isCheck ? [] : isAll ? PARTS : parts,
    hasHalfLoad: !isCheck,
    isWhole: isAll && !isCheck && mode !== 'quick' && other.length === 0,
  };
}

function isOurs({ name, isExtra }: Variant): boolean {
  return isExtra !== true && (name === 'bare-again' || name.startsWith('longpole'));
}

/** Of a checkout, or the folder itself. */
export function folderOfMiddleware(given: string): string {
  const folders = [join(resolve(given), 'middleware'), resolve(given)];
  const built = folders.find(
    (folder) => existsSync(join(folder, 'dist')) && existsSync(join(folder, 'package.json')),
  );
  if (built !== undefined) return built;
  throw new UsageError(
    `--before ${given} holds no build of the middleware: name a checkout in which \`npm ci\` or \`npm run build\` has run`,
  );
}
