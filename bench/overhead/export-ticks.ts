// Measures how long sending a full queue holds up the event loop of an application that does nothing else.

import { setTimeout as pauseMs } from 'node:timers/promises';
import { warm } from './pair.ts';
import { progress } from './progress.ts';
import { settle } from './settle.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { type LongestTick, Subject, type Surroundings } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import { HOP } from './workloads.ts';

export interface TickRow {
  readonly label: string;
  /** The longest turn of the event loop, and the most processor time of its thread in one. */
  readonly longestMs: Spread;
  readonly longestWorkMs: Spread;
  readonly longestDelayMs: Spread;
  /** Spans that were sent in a repetition; none without a tracer. */
  readonly spans: number;
}

/** Two spans each: nearly the whole default queue of 16 384. */
const REQUESTS = 8000;
/** What was being sent has failed by then. */
const REFUSED_MS = 1500;
/** Longer than the pause before another try. */
const QUIET_MS = 15_000;
const BARE_MS = 3000;

/** The first row is an application without a tracer that does nothing, watched for as long. */
export async function measureExportTicks(
  variants: readonly Variant[],
  around: Surroundings,
  plan: { readonly warmUp: number; readonly repetitions: number },
): Promise<TickRow[]> {
  const rows: TickRow[] = [];
  for (const variant of [BARE, ...variants]) {
    const subject = await Subject.start(variant, HOP, around);
    try {
      await warm(subject, plan.warmUp);
      rows.push(await measure(subject, plan.repetitions));
    } finally {
      await subject.stop();
    }
  }
  return rows;
}

async function measure(subject: Subject, repetitions: number): Promise<TickRow> {
  const ticks: LongestTick[] = [];
  let spans = 0;
  for (let i = 0; i < repetitions; i++) {
    const before = await settle(subject, { quietMs: QUIET_MS });
    await fillQueue(subject);
    await subject.watchTicks();
    await subject.setSinkBusy(false);
    spans = (await sendQueue(subject)) - before;
    const tick = await subject.endTicks();
    ticks.push(tick);
    progress(`export, ${subject.variant.name}: longest turn ${tick.longestWorkMs.toFixed(1)} ms`);
  }
  return {
    label: subject.variant.label,
    longestMs: spreadOf(ticks.map(({ longestMs }) => longestMs)),
    longestWorkMs: spreadOf(ticks.map(({ longestWorkMs }) => longestWorkMs)),
    longestDelayMs: spreadOf(ticks.map(({ longestDelayMs }) => longestDelayMs)),
    spans,
  };
}

async function fillQueue(subject: Subject): Promise<void> {
  await subject.setSinkBusy(true);
  await subject.saturate({ count: REQUESTS });
  await pauseMs(REFUSED_MS);
}

async function sendQueue(subject: Subject): Promise<number> {
  if (subject.variant.protocol === undefined) await pauseMs(BARE_MS);
  return settle(subject, { quietMs: QUIET_MS });
}
