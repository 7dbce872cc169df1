// The tables of a workload: what each tracer costs under full load, and what it does to latency at half of it.

import type { Comparison } from '../compare.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Row, SpanCount } from '../tally.ts';
import { spreadText, table } from './format.ts';

export function comparisonSection({ workload, rounds, bareUs, barePerSecond, rows }: Comparison): string {
  const head = [
    'tracer',
    'CPU ÷ bare',
    'added µs',
    'throughput ÷ bare',
    'RSS over bare, MB',
    'spans a request',
    'spans received',
  ];
  const measured = rows.filter(({ rounds }) => rounds.length > 0);
  const lines = measured.map((row) => {
    const over = (read: (round: Row['rounds'][number]) => number): Spread => spreadOf(row.rounds.map(read));
    return [
      row.failed === 0 ? row.label : `${row.label} (**${row.failed} requests failed**)`,
      spreadText(over(({ cpu }) => cpu)),
      spreadText(
        over(({ addedUs }) => addedUs),
        0,
      ),
      spreadText(over(({ throughput }) => throughput)),
      over(({ rssOverMb }) => rssOverMb).median.toFixed(0),
      ...spanCells(row.spans),
    ];
  });
  const troubles = rows.flatMap(({ label, rounds, trouble }) =>
    trouble === undefined
      ? []
      : [`\nNot measured after round ${rounds.length}: ${label}: ${trouble.split('\n')[0]}\n`],
  );
  const more = rows.filter((row) => row.rounds.length > rounds);
  const pairs = more.map(({ label, rounds: all }) => ` ${label}: ${all.length} pairs of processes.`).join('');
  const bare = `${rounds} rounds.${pairs} Bare Express: ${spreadText(bareUs, 0)} µs of CPU a request, ${spreadText(barePerSecond, 0)} requests a second.`;
  return `## ${workload.title}\n\n${bare}\n\n${table(head, lines)}\n${troubles.join('')}`;
}

/** A hundredth of the spans may arrive late. */
const LATE = 0.01;

function spanCells(spans: SpanCount | undefined): [string, string] {
  if (spans === undefined) return ['–', '–'];
  const { atRest, underLoad, made, received } = spans;
  if (made !== undefined) {
    if (made === 0 && received === 0) return ['none', 'none made'];
    const lost = made - received;
    return [underLoad.toFixed(2), lost === 0 ? `all ${made}` : `**${lost} of ${made} lost**`];
  }
  if (atRest === 0) return ['none arrived', '–'];
  const share = 1 - underLoad / atRest;
  return [
    atRest.toFixed(2),
    share <= LATE ? 'as many as at rest' : `**${Math.round(share * 100)} % fewer than at rest**`,
  ];
}

export function halfLoadSection({ halfPerSecond, rows }: Comparison): string {
  const measured = rows.filter(({ halfLoads }) => halfLoads.length > 0);
  if (measured.length === 0) return '';
  const head = [
    'tracer',
    'p50 ms',
    'p99 ms',
    'bare p99 ms',
    'p99 ÷ bare',
    'event-loop delay p99 over bare, ms',
  ];
  const lines = measured.map(({ label, halfLoads }) => {
    const over = (read: (round: Row['halfLoads'][number]) => number): Spread => spreadOf(halfLoads.map(read));
    return [
      label,
      spreadText(over(({ traced }) => traced.p50Ms)),
      spreadText(over(({ traced }) => traced.p99Ms)),
      spreadText(over(({ bare }) => bare.p99Ms)),
      spreadText(over(({ bare, traced }) => traced.p99Ms / bare.p99Ms)),
      spreadText(over(({ bare, traced }) => traced.delayP99Ms - bare.delayP99Ms)),
    ];
  });
  const what = `The hop at ${halfPerSecond} requests a second, half of what the first bare application could bear. A latency counts from when the request was due.`;
  return `### Latency at half of the load\n\n${what}\n\n${table(head, lines)}\n`;
}
