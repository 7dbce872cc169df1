// Sets what was measured against what was asked for.

import type { Comparison } from '../compare.ts';
import type { Results } from '../measurement.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Row } from '../tally.ts';
import { INNER_SPANS } from '../workloads.ts';
import { spreadText, table } from './format.ts';

interface Target {
  readonly name: string;
  readonly measured: string;
  /** `undefined` where it was not measured. */
  readonly isMet: boolean | undefined;
}

/** Bytes that a collection leaves differ a little from one time to the next. */
const STILL_MB = 1;
const NOT_MEASURED = { measured: 'not measured', isMet: undefined };

/** @param quoted rows of another table of targets */
export function targetsSection(results: Results, quoted: readonly string[] = []): string {
  const lines = [
    ...hopTargets(results.comparisons),
    ...spanTargets(results.comparisons),
    ...partTargets(results),
  ];
  const rows = lines.map(({ name, measured, isMet }) => [
    name,
    measured,
    isMet === undefined ? '–' : isMet ? 'met' : '**not met**',
  ]);
  return `## Targets\n\n${[table(['target', 'measured', ''], rows, () => true), ...quoted].join('\n')}\n`;
}

function hopTargets(comparisons: readonly Comparison[]): Target[] {
  const rows = comparisons.find(({ workload }) => workload.name === 'hop')?.rows ?? [];
  const spread = (name: string, read: (row: Row) => readonly number[]): Spread | undefined => {
    const row = rows.find((each) => each.name === name);
    const values = row === undefined ? [] : read(row);
    return values.length === 0 ? undefined : spreadOf(values);
  };
  const cpu = (name: string): Spread | undefined =>
    spread(name, ({ rounds }) => rounds.map((each) => each.cpu));
  const added = (name: string): number | undefined =>
    spread(name, ({ rounds }) => rounds.map(({ addedUs }) => addedUs))?.median;
  const throughput = spread('longpole', ({ rounds }) => rounds.map((each) => each.throughput));
  const latency = spread('longpole', ({ halfLoads }) =>
    halfLoads.map(({ bare, traced }) => traced.p99Ms / bare.p99Ms),
  );
  return [
    atMost('Every request traced: CPU of a hop ≤ 1.12 × bare', cpu('longpole'), 1.12),
    {
      name: 'Throughput ≥ 0.93 × bare',
      ...(throughput === undefined
        ? NOT_MEASURED
        : { measured: spreadText(throughput), isMet: throughput.median >= 0.93 }),
    },
    atMost('p99 latency at half of the load ≤ 1.05 × bare', latency, 1.05),
    atMostShare('Added CPU ≤ 1/4 of dd-trace’s', added('longpole'), added('dd-trace'), 1 / 4),
    atMostShare(
      'Added CPU ≤ 1/6 of stock OpenTelemetry’s',
      added('longpole'),
      added('otel-http-express-json'),
      1 / 6,
    ),
    atMost('1 % of the requests traced: CPU ≤ 1.05 × bare', cpu('longpole-1-percent'), 1.05),
    notMeasurable('`OTEL_SDK_DISABLED=true`: not measurable', cpu('longpole-disabled'), cpu('bare-again')),
  ];
}

function atMost(name: string, spread: Spread | undefined, bound: number, digits = 2, unit = ''): Target {
  if (spread === undefined) return { name, ...NOT_MEASURED };
  return { name, measured: spreadText(spread, digits) + unit, isMet: spread.median <= bound };
}

function atMostShare(name: string, own?: number, other?: number, share = 1): Target {
  if (own === undefined || other === undefined) return { name, ...NOT_MEASURED };
  const measured = `${own.toFixed(0)} of ${other.toFixed(0)} µs: ${(own / other).toFixed(2)}`;
  return { name, measured, isMet: own <= other * share };
}

/** What is as near to bare Express as bare Express is to itself cannot be told from nothing. */
function notMeasurable(name: string, own: Spread | undefined, aa: Spread | undefined): Target {
  if (own === undefined || aa === undefined) return { name, ...NOT_MEASURED };
  const measured = `${spreadText(own)}; bare against bare ${spreadText(aa)}`;
  return { name, measured, isMet: own.min <= 1 && own.median <= aa.max };
}

function spanTargets(comparisons: readonly Comparison[]): Target[] {
  const counts = comparisons.flatMap(({ rows }) =>
    rows.flatMap(({ name, spans }) =>
      name.startsWith('longpole') && spans?.made !== undefined ? [spans] : [],
    ),
  );
  const name = 'Every span that Longpole made was received';
  if (counts.length === 0) return [{ name, ...NOT_MEASURED }];
  const made = counts.reduce((sum, count) => sum + (count.made ?? 0), 0);
  const received = counts.reduce((sum, count) => sum + count.received, 0);
  return [
    {
      name,
      measured: `${received} of ${made}`,
      isMet: counts.every((count) => count.made === count.received),
    },
  ];
}

function partTargets({ steady, ticks, memory, coldStart }: Results): Target[] {
  const [tracedSteady] = steady?.rows ?? [];
  const start = (name: string): Spread | undefined => coldStart?.find((row) => row.name === name)?.overBareMs;
  const steadily = tracedSteady === undefined ? '' : ` (at ${tracedSteady.spansPerSecond.toFixed(0)})`;
  return [
    atMost(
      `Event-loop delay p99 added at 5 000 spans/s${steadily} < 1 ms`,
      tracedSteady?.addedP99Ms,
      1,
      2,
      ' ms',
    ),
    exportTarget(ticks),
    ...memoryTargets(memory),
    atMost('Start with `register` ≤ 150 ms over bare', start('longpole-register'), 150, 0, ' ms'),
    atMost('The same, with `NODE_COMPILE_CACHE`', start('longpole-register-cached'), 150, 0, ' ms'),
  ];
}

/** Other programs add to a turn and nothing takes away from it, so the quietest repetition is the nearest to what export does. */
function exportTarget(ticks: Results['ticks']): Target {
  const name = 'Export holds the event loop up for at most 5 ms at a time';
  const traced = ticks?.[1]?.longestMs;
  if (traced === undefined) return { name, ...NOT_MEASURED };
  const measured = `${traced.min.toFixed(1)} ms in the quietest repetition, ${traced.median.toFixed(1)} in the median one`;
  return { name, measured, isMet: traced.min <= 5 };
}

function memoryTargets(memory: Results['memory']): Target[] {
  const [bare, traced] = memory?.rows ?? [];
  const rate = memory === undefined ? '' : ` (at ${INNER_SPANS * memory.perSecond})`;
  const names = [
    `RSS over bare at 5 000 spans/s${rate} ≤ 40 MB`,
    'No memory growth over 10 minutes',
  ] as const;
  if (memory === undefined || bare === undefined || traced === undefined) {
    return names.map((name) => ({ name, ...NOT_MEASURED }));
  }
  const over = traced.rssMb - bare.rssMb;
  const grown = traced.keptAfterMb - traced.keptBeforeMb - Math.max(0, bare.keptAfterMb - bare.keptBeforeMb);
  const shorter =
    memory.seconds < 600 ? `; watched for ${memory.seconds} s only, \`--full\` watches 10 minutes` : '';
  return [
    { name: names[0], measured: `${over.toFixed(0)} MB`, isMet: over <= 40 },
    { name: names[1], measured: `${grown.toFixed(2)} MB more than bare${shorter}`, isMet: grown <= STILL_MB },
  ];
}
