// Compares tracers on one workload, round after round, each beside a bare twin of its own.

import { type Pair, withPair } from './pair.ts';
import { progress } from './progress.ts';
import { atFixedRate, underFullLoad } from './round.ts';
import { settle } from './settle.ts';
import { type Spread, spreadOf } from './statistics.ts';
import type { Subject, Surroundings } from './subject.ts';
import { type Measured, type Row, Tally } from './tally.ts';
import type { Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export interface ComparisonPlan {
  readonly rounds: number;
  /** Requests that each answers in a measured round. */
  readonly requests: number;
  /** Requests that each application answers before it is measured. */
  readonly warmUp: number;
  readonly halfLoadMs: number;
  /** Fresh pairs of processes of one tracer in each round. */
  readonly pairsOf: (variant: Variant) => number;
  /** Who is measured at half of the load too. */
  readonly isAtHalfLoad: (variant: Variant) => boolean;
}

export interface Comparison {
  readonly workload: Workload;
  readonly rounds: number;
  readonly bareUs: Spread;
  readonly barePerSecond: Spread;
  /** Requests a second at half of what the first bare application could bear. */
  readonly halfPerSecond: number;
  readonly rows: readonly Row[];
}

const REST_REQUESTS = 20;

export async function compare(
  workload: Workload,
  variants: readonly Variant[],
  around: Surroundings,
  plan: ComparisonPlan,
): Promise<Comparison> {
  const tallies = variants.map((variant) => new Tally(variant));
  const load: Load = { halfPerSecond: undefined };
  for (let round = 0; round < plan.rounds; round++) {
    const order = round % 2 === 0 ? tallies : tallies.toReversed();
    for (const tally of order) {
      for (let pair = 0; pair < plan.pairsOf(tally.variant) && tally.trouble === undefined; pair++)
        await addPair(tally, { round, pair }, load, { workload, around, plan });
    }
  }
  const rows = tallies.map((tally) => tally.row());
  const rounds = rows.flatMap((row) => row.rounds);
  return {
    workload,
    rounds: plan.rounds,
    bareUs: spreadOf(rounds.map(({ bareUs }) => bareUs)),
    barePerSecond: spreadOf(rounds.map(({ barePerSecond }) => barePerSecond)),
    halfPerSecond: load.halfPerSecond ?? Number.NaN,
    rows,
  };
}

/** Half of what a bare application can bear, as the first round found it. */
interface Load {
  halfPerSecond: number | undefined;
}

interface Setting {
  readonly workload: Workload;
  readonly around: Surroundings;
  readonly plan: ComparisonPlan;
}

/** Which one of a round's pairs of one tracer. */
interface Turn {
  readonly round: number;
  readonly pair: number;
}

async function addPair(tally: Tally, { round, pair }: Turn, load: Load, setting: Setting): Promise<void> {
  const { workload, around, plan } = setting;
  const what = `${workload.name}, round ${round + 1} of ${plan.rounds}, ${tally.variant.name}`;
  try {
    // The pairs of a round begin in turns, as those of one round after the other do.
    const measured = await withPair(tally.variant, workload, around, plan.warmUp, (subjects) =>
      measure(subjects, { tally, round: round + pair, load, plan }),
    );
    tally.add(measured);
    progress(`${what}: ${measured.fullLoad.cpu.toFixed(2)}`);
  } catch (error) {
    tally.trouble = error instanceof Error ? error.message : String(error);
    progress(`${what}: ${tally.trouble}`);
  }
}

async function measure(
  pair: Pair,
  { tally, round, load, plan }: { tally: Tally; round: number; load: Load; plan: ComparisonPlan },
): Promise<Measured> {
  const { traced } = pair;
  const { spansAtRest: known } = tally;
  await settle(traced, { expected: known === undefined ? undefined : known * plan.warmUp });
  tally.spansAtRest ??= await countAtRest(traced);
  const spansPerRequest = tally.spansAtRest;
  const fullLoad = await underFullLoad(pair, { round, requests: plan.requests, spansPerRequest });
  load.halfPerSecond ??= Math.round(fullLoad.barePerSecond / 2);
  const halfPlan = { round, perSecond: load.halfPerSecond, blockMs: plan.halfLoadMs };
  const halfLoad = plan.isAtHalfLoad(tally.variant) ? await atFixedRate(pair, halfPlan) : undefined;
  // Only a tracer that says how many spans it has made can be asked for the last one of them.
  const made = await traced.made();
  const received = made === undefined ? await traced.received() : await settle(traced);
  return { fullLoad, halfLoad, made, received };
}

/** Requests one after the other, so slow that no tracer has a reason to leave a span out. */
async function countAtRest(subject: Subject): Promise<number> {
  const before = await subject.received();
  await subject.saturate({ count: REST_REQUESTS }, 1);
  return ((await settle(subject)) - before) / REST_REQUESTS;
}
