// Measures the delay of the event loop while an application makes 5 000 spans a second, or as many as the machine can bear.

import { warm, withPair } from './pair.ts';
import { progress } from './progress.ts';
import { atFixedRate, type RateLoads } from './round.ts';
import { settle } from './settle.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { Subject, type Surroundings } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import { INNER } from './workloads.ts';

export interface SteadyRow {
  readonly label: string;
  readonly spansPerSecond: number;
  readonly bareDelayP99Ms: Spread;
  readonly delayP99Ms: Spread;
  /** In the same round. */
  readonly addedP99Ms: Spread;
}

export interface Steady {
  readonly perSecond: number;
  readonly rows: readonly SteadyRow[];
}

/** Five spans each. */
const WANTED_PER_SECOND = 1000;
/** Of what a bare application can bear: more would measure how a queue grows. */
const BEARABLE = 0.65;
const CALIBRATION_REQUESTS = 4000;

/** @param known requests a second that a bare application can bear, where that has been measured */
export async function bearableRate(
  known: number | undefined,
  around: Surroundings,
  warmUp: number,
): Promise<number> {
  const most = known === undefined || Number.isNaN(known) ? await calibrate(around, warmUp) : known;
  return Math.round(Math.min(WANTED_PER_SECOND, most * BEARABLE));
}

async function calibrate(around: Surroundings, warmUp: number): Promise<number> {
  const subject = await Subject.start(BARE, INNER, around);
  try {
    await warm(subject, warmUp);
    const { requests, seconds } = await subject.saturate({ count: CALIBRATION_REQUESTS });
    return requests / seconds;
  } finally {
    await subject.stop();
  }
}

export interface SteadyPlan {
  readonly perSecond: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly blockMs: number;
}

export async function measureSteady(
  variants: readonly Variant[],
  around: Surroundings,
  plan: SteadyPlan,
): Promise<Steady> {
  const rows: SteadyRow[] = [];
  for (const variant of variants) {
    const rounds: RateLoads[] = [];
    let spans = 0;
    let requests = 0;
    for (let round = 0; round < plan.rounds; round++) {
      await withPair(variant, INNER, around, plan.warmUp, async (pair) => {
        const before = await settle(pair.traced);
        const loads = await atFixedRate(pair, { ...plan, round });
        spans += (await settle(pair.traced)) - before;
        requests += loads.requests;
        rounds.push(loads);
        progress(`steady, ${variant.name}: delay p99 ${loads.traced.delayP99Ms.toFixed(2)} ms`);
      });
    }
    rows.push({
      label: variant.label,
      spansPerSecond: (spans / requests) * plan.perSecond,
      bareDelayP99Ms: spreadOf(rounds.map(({ bare }) => bare.delayP99Ms)),
      delayP99Ms: spreadOf(rounds.map(({ traced }) => traced.delayP99Ms)),
      addedP99Ms: spreadOf(rounds.map(({ bare, traced }) => traced.delayP99Ms - bare.delayP99Ms)),
    });
  }
  return { perSecond: plan.perSecond, rows };
}
