// Measures latency, delay of the event loop and memory at half of the load that the bare application can bear.

import type { Salvo } from './load.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { Subject, type Surroundings, type Usage } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import { HOP } from './workloads.ts';

export interface LatencyRow {
  readonly label: string;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly delayP99Ms: Spread;
  readonly rssMb: number;
  readonly failed: number;
}

export interface LatencyPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly warmUp: number;
}

/** The first row is the bare application. Rounds are interleaved. */
export async function compareLatency(
  variants: readonly Variant[],
  around: Surroundings,
  plan: LatencyPlan,
): Promise<LatencyRow[]> {
  const subjects: Subject[] = [];
  try {
    for (const variant of [BARE, ...variants]) subjects.push(await Subject.start(variant, HOP, around));
    for (const { port } of subjects) {
      const shot = { ...HOP.shot, port };
      await around.load.ask('saturate', { shot, connections: 16, ms: 8000, count: plan.warmUp });
    }
    const measured = subjects.map((): { salvo: Salvo; usage: Usage }[] => []);
    for (let round = 0; round < plan.rounds; round++) {
      for (const [i, subject] of subjects.entries()) measured[i]?.push(await pace(subject, around, plan));
    }
    return subjects.map(({ variant }, i) => rowOf(variant.label, measured[i] ?? []));
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

async function pace(
  subject: Subject,
  { load }: Surroundings,
  { perSecond, seconds }: LatencyPlan,
): Promise<{ salvo: Salvo; usage: Usage }> {
  await subject.begin(true);
  const shot = { ...HOP.shot, port: subject.port };
  const salvo = await load.ask<Salvo>('pace', { shot, perSecond, ms: seconds * 1000 });
  return { salvo, usage: await subject.end() };
}

function rowOf(label: string, measured: readonly { salvo: Salvo; usage: Usage }[]): LatencyRow {
  return {
    label,
    p50Ms: spreadOf(measured.map(({ salvo }) => salvo.p50Ms)),
    p99Ms: spreadOf(measured.map(({ salvo }) => salvo.p99Ms)),
    delayP99Ms: spreadOf(measured.map(({ usage }) => usage.delayP99Ms ?? Number.NaN)),
    rssMb: Math.max(...measured.map(({ usage }) => usage.rssBytes)) / 1e6,
    failed: measured.reduce((sum, { salvo }) => sum + salvo.failed, 0),
  };
}
