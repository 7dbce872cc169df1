// Measures what an application needs from the start of its process until it listens.

import { join } from 'node:path';
import { progress } from './progress.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { type StartCost, Subject, type Surroundings } from './subject.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { BARE, type Variant } from './variants.ts';
import { HOP } from './workloads.ts';

export interface ColdStartRow {
  readonly name: string;
  readonly label: string;
  readonly ms: Spread;
  readonly cpuMs: Spread;
  /** Against the bare start of the same turn, with Node's compile cache where this one has it. */
  readonly overBareMs: Spread;
  readonly overBareCpuMs: Spread;
}

interface Candidate {
  readonly variant: Variant;
  /** Of Node's compile cache, where it is used. */
  readonly cache: string | undefined;
  readonly costs: StartCost[];
}

/** In turns, so that a slow moment of the machine meets all of them. */
export async function compareColdStart(
  variants: readonly Variant[],
  cached: readonly Variant[],
  around: Surroundings,
  turns: number,
): Promise<ColdStartRow[]> {
  const folder = makeTemporaryFolder();
  try {
    const candidates: Candidate[] = [
      ...[BARE, ...variants].map((variant) => ({ variant, cache: undefined, costs: [] })),
      ...[BARE, ...cached].map((variant) => ({ variant, cache: join(folder.path, variant.name), costs: [] })),
    ];
    for (const candidate of candidates) if (candidate.cache !== undefined) await start(candidate, around);
    for (let turn = 0; turn < turns; turn++) {
      for (const candidate of turn % 2 === 0 ? candidates : candidates.toReversed())
        candidate.costs.push(await start(candidate, around));
      progress(`cold start, turn ${turn + 1} of ${turns}`);
    }
    return candidates.map((candidate) => rowOf(candidate, candidates));
  } finally {
    folder.remove();
  }
}

async function start({ variant, cache }: Candidate, around: Surroundings): Promise<StartCost> {
  const env: Record<string, string> = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
  const subject = await Subject.start(variant, HOP, around, env);
  // The compile cache is written when a process ends by itself.
  await (cache === undefined ? subject.stop() : subject.finish());
  return subject.startCost;
}

function rowOf({ variant, cache, costs }: Candidate, candidates: readonly Candidate[]): ColdStartRow {
  const bare = candidates.find(
    (each) => each.variant === BARE && (each.cache === undefined) === (cache === undefined),
  );
  const of = (read: (cost: StartCost) => number): Spread => spreadOf(costs.map(read));
  const over = (read: (cost: StartCost) => number): Spread =>
    spreadOf(costs.map((cost, i) => read(cost) - read(bare?.costs[i] ?? cost)));
  return {
    name: cache === undefined ? variant.name : `${variant.name}-cached`,
    label: cache === undefined ? variant.label : `${variant.label}, with Node’s compile cache`,
    ms: of(({ ms }) => ms),
    cpuMs: of(({ cpuUs }) => cpuUs / 1000),
    overBareMs: over(({ ms }) => ms),
    overBareCpuMs: over(({ cpuUs }) => cpuUs / 1000),
  };
}
