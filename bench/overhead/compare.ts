// Compares tracers on one workload and says what became of their spans.

import { interleave, type Plan, type Series } from './interleave.ts';
import type { Salvo } from './load.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { Subject, type Surroundings } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export interface Row {
  readonly name: string;
  readonly label: string;
  /** Processor time of a request ÷ that of the blocks without a tracer before and after. */
  readonly cpu: Spread;
  readonly addedUs: Spread;
  readonly throughput: Spread;
  readonly rssMb: number;
  readonly failed: number;
  /** Spans that arrived for each request, one request at a time and under load; `undefined` where none are made. */
  readonly spans: SpanCount | undefined;
}

export interface SpanCount {
  readonly atRest: number;
  readonly underLoad: number;
  /** Sampled spans that were made, where the tracer says so. */
  readonly made: number | undefined;
  readonly received: number;
}

export interface Comparison {
  readonly workload: Workload;
  readonly bareUs: Spread;
  readonly barePerSecond: number;
  readonly rows: readonly Row[];
  /** Tracers that could not be measured, and why. */
  readonly missing: readonly { readonly label: string; readonly why: string }[];
}

const REST_REQUESTS = 20;

export async function compare(
  workload: Workload,
  variants: readonly Variant[],
  around: Surroundings,
  plan: Plan & { readonly warmUp: number },
): Promise<Comparison> {
  const missing: { label: string; why: string }[] = [];
  const atRest = new Map<Subject, { spans: number; perRequest: number }>();
  const bare = await Subject.start(BARE, workload, around);
  const subjects: Subject[] = [];
  try {
    for (const variant of variants) {
      try {
        subjects.push(await Subject.start(variant, workload, around));
      } catch (error) {
        missing.push({ label: variant.label, why: String(error instanceof Error ? error.message : error) });
      }
    }
    await warmUp([bare, ...subjects], around, plan);
    for (const [subject, count] of await countAtRest(subjects, around)) atRest.set(subject, count);
    const series = await interleave(bare, subjects, around, plan);
    await settle(subjects);
    const rows: Row[] = [];
    for (const one of series) {
      const rest = atRest.get(one.subject) ?? { spans: 0, perRequest: 0 };
      const total = await one.subject.received();
      rows.push(rowOf(one, { ...rest, total, made: await madeBy(one) }));
    }
    const bareBlocks = series.flatMap(({ blocks }) => blocks.map((block) => block.around[0]));
    return {
      workload,
      bareUs: spreadOf(bareBlocks.map((block) => block.cpuUsPerRequest)),
      barePerSecond: spreadOf(bareBlocks.map((block) => block.perSecond)).median,
      rows,
      missing,
    };
  } finally {
    await Promise.all([bare, ...subjects].map((subject) => subject.stop()));
  }
}

async function warmUp(
  subjects: readonly Subject[],
  { load }: Surroundings,
  plan: Plan & { warmUp: number },
): Promise<void> {
  for (const subject of subjects) {
    const shot = { ...subject.workload.shot, port: subject.port };
    const question = { shot, connections: plan.connections, ms: 20_000, count: plan.warmUp };
    const { failed, requests } = await load.ask<Salvo>('saturate', question);
    if (failed > requests / 100)
      throw new Error(`${subject.variant.name}: ${failed} of ${requests} requests failed.`);
  }
  await settle(subjects);
}

/** Requests one after the other, so slow that no tracer has a reason to leave a span out. */
async function countAtRest(
  subjects: readonly Subject[],
  { load }: Surroundings,
): Promise<Map<Subject, { spans: number; perRequest: number }>> {
  const before = await Promise.all(subjects.map((subject) => subject.received()));
  for (const subject of subjects) {
    const shot = { ...subject.workload.shot, port: subject.port };
    await load.ask('saturate', { shot, connections: 1, ms: 10_000, count: REST_REQUESTS });
  }
  await settle(subjects);
  const counts = new Map<Subject, { spans: number; perRequest: number }>();
  for (const [i, subject] of subjects.entries()) {
    const spans = await subject.received();
    counts.set(subject, { spans, perRequest: (spans - (before[i] ?? 0)) / REST_REQUESTS });
  }
  return counts;
}

/** Resolves when nothing has arrived from anybody for longer than any of them waits. */
async function settle(subjects: readonly Subject[]): Promise<void> {
  const total = async (): Promise<number> => {
    const counts = await Promise.all(subjects.map((subject) => subject.received()));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  let [seen, quietSince] = [await total(), performance.now()];
  const giveUp = performance.now() + 30_000;
  while (performance.now() - quietSince < 2500 && performance.now() < giveUp) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = await total();
    if (now !== seen) [seen, quietSince] = [now, performance.now()];
  }
}

/** Sampled spans that a tracer of ours has made since its start. */
async function madeBy({ subject }: Series): Promise<number | undefined> {
  const { spans } = await subject.end();
  return spans === undefined ? undefined : spans.started - spans.unsampled;
}

interface Arrivals {
  /** Before the measured rounds. */
  readonly spans: number;
  readonly perRequest: number;
  readonly total: number;
  readonly made: number | undefined;
}

function rowOf({ subject, ...series }: Series, { spans, perRequest, total, made }: Arrivals): Row {
  const of = (read: (block: Series['blocks'][number]) => number): Spread => spreadOf(series.blocks.map(read));
  const mean = (a: number, b: number): number => (a + b) / 2;
  const bareUs = ([a, b]: Series['blocks'][number]['around']): number =>
    mean(a.cpuUsPerRequest, b.cpuUsPerRequest);
  return {
    name: subject.variant.name,
    label: subject.variant.label,
    cpu: of(({ own, around }) => own.cpuUsPerRequest / bareUs(around)),
    addedUs: of(({ own, around }) => own.cpuUsPerRequest - bareUs(around)),
    throughput: of(({ own, around: [a, b] }) => own.perSecond / mean(a.perSecond, b.perSecond)),
    rssMb: series.rssBytes / 1e6,
    failed: series.failed,
    spans:
      subject.variant.protocol === undefined
        ? undefined
        : { atRest: perRequest, underLoad: (total - spans) / series.requests, made, received: total },
  };
}
