// Measures whether an application's memory grows under a steady load, with Longpole and without.

import { setInterval as everyMs } from 'node:timers/promises';
import type { Salvo } from './load/main.ts';
import { warm } from './pair.ts';
import { progress } from './progress.ts';
import { settle } from './settle.ts';
import { spreadOf } from './statistics.ts';
import { Subject, type Surroundings } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import { INNER } from './workloads.ts';

export interface MemoryRow {
  readonly label: string;
  /** Of the process, in the second half of the load. */
  readonly rssMb: number;
  /** What was still in use after a full collection: at the beginning, and at the end. */
  readonly keptBeforeMb: number;
  readonly keptAfterMb: number;
  readonly salvo: Salvo;
}

export interface Memory {
  readonly seconds: number;
  readonly perSecond: number;
  /** The first row is the bare application. */
  readonly rows: readonly MemoryRow[];
}

export interface MemoryPlan {
  readonly seconds: number;
  readonly perSecond: number;
  readonly warmUp: number;
}

const SAMPLE_MS = 2000;
/** Code is still compiled, and pools still fill, when the load begins. */
const RUN_IN_SHARE = 1 / 3;
const LONGEST_RUN_IN_SECONDS = 60;

/** One after the other, as the load is meant for one. */
export async function measureMemory(
  variants: readonly Variant[],
  around: Surroundings,
  plan: MemoryPlan,
): Promise<Memory> {
  const rows: MemoryRow[] = [];
  for (const variant of [BARE, ...variants]) {
    const subject = await Subject.start(variant, INNER, around);
    try {
      rows.push(await watch(subject, plan));
    } finally {
      await subject.stop();
    }
  }
  return { seconds: plan.seconds, perSecond: plan.perSecond, rows };
}

async function watch(subject: Subject, plan: MemoryPlan): Promise<MemoryRow> {
  await warm(subject, plan.warmUp);
  const runInSeconds = Math.min(LONGEST_RUN_IN_SECONDS, plan.seconds * RUN_IN_SHARE);
  await subject.pace(plan.perSecond, runInSeconds * 1000);
  const keptBeforeMb = await keptMb(subject);
  const stop = new AbortController();
  const sampling = sampleRss(subject, stop.signal);
  const salvo = await subject.pace(plan.perSecond, plan.seconds * 1000);
  stop.abort();
  const samples = await sampling;
  const keptAfterMb = await keptMb(subject);
  const rssMb = spreadOf(samples.slice(samples.length >> 1)).median;
  progress(
    `memory, ${subject.variant.name}: kept ${keptBeforeMb.toFixed(1)} MB, then ${keptAfterMb.toFixed(1)}`,
  );
  return { label: subject.variant.label, rssMb, keptBeforeMb, keptAfterMb, salvo };
}

/** Twice, as what is let go of by a finalizer is collected the second time. */
async function keptMb(subject: Subject): Promise<number> {
  await settle(subject);
  await subject.collectGarbage();
  await subject.collectGarbage();
  return (await subject.memory()).keptBytes / 1e6;
}

async function sampleRss(subject: Subject, signal: AbortSignal): Promise<number[]> {
  const samples: number[] = [];
  try {
    for await (const _ of everyMs(SAMPLE_MS, undefined, { signal })) {
      samples.push((await subject.memory()).rssBytes / 1e6);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return samples;
}
