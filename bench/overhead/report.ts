// Writes what was measured as the tables of RESULTS.md.

import type { ColdStartRow } from './cold-start.ts';
import type { Comparison, SpanCount } from './compare.ts';
import type { Ingest } from './ingest.ts';
import type { LatencyRow } from './latency.ts';
import { ratioText, type Spread } from './statistics.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const whole = ({ median, min, max }: Spread): string =>
  `${Math.round(median)} [${Math.round(min)}–${Math.round(max)}]`;
const fine = ({ median, min, max }: Spread): string =>
  `${median.toFixed(1)} [${min.toFixed(1)}–${max.toFixed(1)}]`;

function spansText(spans: SpanCount | undefined): string {
  if (spans === undefined) return '–';
  const { atRest, underLoad, made, received } = spans;
  if (made !== undefined) {
    const lost = made - received;
    return `${underLoad.toFixed(2)}; ${lost === 0 ? `all ${received} received` : `**${lost} of ${made} lost**`}`;
  }
  const share = atRest === 0 ? 0 : 1 - underLoad / atRest;
  const kept = share > 0.01 ? `**${Math.round(share * 100)} % fewer than at rest**` : 'as at rest';
  return atRest === 0 ? 'none arrived' : `${underLoad.toFixed(2)}; ${kept} (${atRest.toFixed(2)})`;
}

export function comparisonSection({ workload, bareUs, barePerSecond, rows, missing }: Comparison): string {
  const head = [
    'tracer',
    'CPU ÷ bare',
    'added µs',
    'throughput ÷ bare',
    'RSS MB',
    'spans a request, received',
  ];
  const lines = rows.map(({ label, cpu, addedUs, throughput, rssMb, failed, spans }) => [
    failed === 0 ? label : `${label} (${failed} requests failed)`,
    ratioText(cpu),
    whole(addedUs),
    ratioText(throughput),
    String(Math.round(rssMb)),
    spansText(spans),
  ]);
  const gaps = missing.map(({ label, why }) => `\nNot measured: ${label}: ${why.split('\n')[0]}\n`);
  const bare = `Bare Express: ${whole(bareUs)} µs of CPU a request, ${Math.round(barePerSecond)} requests a second.`;
  return `## ${workload.title}\n\n${bare}\n\n${table(head, lines)}\n${gaps.join('')}`;
}

export function latencySection(rows: readonly LatencyRow[], perSecond: number): string {
  const head = ['tracer', 'p50 ms', 'p99 ms', 'event-loop delay p99 ms', 'RSS MB', 'failed'];
  const lines = rows.map((row) => [
    row.label,
    fine(row.p50Ms),
    fine(row.p99Ms),
    fine(row.delayP99Ms),
    String(Math.round(row.rssMb)),
    String(row.failed),
  ]);
  const what = `The hop at ${perSecond} requests a second, half of what the bare application can bear. A latency counts from when the request was due.`;
  return `## Latency at half of the load\n\n${what}\n\n${table(head, lines)}\n`;
}

export function coldStartSection(rows: readonly ColdStartRow[]): string {
  const bare = rows[0]?.ms.median ?? Number.NaN;
  const lines = rows.map(({ label, ms }) => [label, whole(ms), String(Math.round(ms.median - bare))]);
  return `## Start of the process until it listens\n\n${table(['tracer', 'ms', 'over bare'], lines)}\n`;
}

export function ingestSection({ spans, perCpuSecond, perSecond, query, stored }: Ingest): string {
  const lines = [
    ['spans a second of processor time', Math.round(perCpuSecond).toLocaleString('en')],
    ['spans a second, as the clock goes', Math.round(perSecond).toLocaleString('en')],
    ['`/api/traces/{id}` meanwhile, ms', fine(query)],
    ['spans sent and found again', `${spans.toLocaleString('en')} sent, ${stored}`],
  ];
  const what = 'OTLP/protobuf over HTTP, batches of 512 spans with 10 attributes each, four connections.';
  return `## \`longpole up\` taking in spans\n\n${what}\n\n${table(['', 'measured'], lines)}\n`;
}
