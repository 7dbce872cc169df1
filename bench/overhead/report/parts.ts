// The tables of what is measured beside the workloads: start, export, event loop and memory.

import type { ColdStartRow } from '../cold-start.ts';
import type { TickRow } from '../export-ticks.ts';
import type { Memory } from '../memory.ts';
import type { Steady } from '../steady.ts';
import { spreadText, table } from './format.ts';

export function coldStartSection(rows: readonly ColdStartRow[]): string {
  const head = ['tracer', 'ms', 'over bare, ms', 'CPU over bare, ms'];
  const lines = rows.map(({ label, ms, overBareMs, overBareCpuMs }) => [
    label,
    spreadText(ms, 0),
    spreadText(overBareMs, 0),
    spreadText(overBareCpuMs, 0),
  ]);
  const what =
    'The application of the hop. With the compile cache, its bare start has the cache too, and the first start, which fills it, is not counted.';
  return `## Start of the process until it listens\n\n${what}\n\n${table(head, lines)}\n`;
}

export function ticksSection(rows: readonly TickRow[]): string {
  const head = [
    'tracer',
    'most CPU in one turn, ms',
    'longest turn, ms',
    'longest delay of a timer, ms',
    'spans sent',
  ];
  const lines = rows.map(({ label, longestWorkMs, longestMs, longestDelayMs, spans }) => [
    label,
    spreadText(longestWorkMs, 1),
    spreadText(longestMs, 1),
    spreadText(longestDelayMs, 1),
    spans === 0 ? '–' : String(spans),
  ]);
  const what =
    'The backend refused spans while 8 000 hops filled the queue; then it took them, and the application did nothing but send. Bare Express did nothing at all for three seconds.';
  return `## The longest turn of the event loop while a backlog is sent\n\n${what}\n\n${table(head, lines)}\n`;
}

export function steadySection({ perSecond, rows }: Steady): string {
  const head = ['tracer', 'spans a second', 'delay p99, ms', 'bare, ms', 'added, ms'];
  const lines = rows.map(({ label, spansPerSecond, delayP99Ms, bareDelayP99Ms, addedP99Ms }) => [
    label,
    spansPerSecond.toFixed(0),
    spreadText(delayP99Ms),
    spreadText(bareDelayP99Ms),
    spreadText(addedP99Ms),
  ]);
  return `## Delay of the event loop under a steady load\n\nA hop with three spans of the application inside, at ${perSecond} requests a second.\n\n${table(head, lines)}\n`;
}

export function memorySection({ seconds, perSecond, rows }: Memory): string {
  const head = [
    'tracer',
    'RSS, MB',
    'kept at the beginning, MB',
    'kept at the end, MB',
    'requests',
    'failed',
  ];
  const lines = rows.map(({ label, rssMb, keptBeforeMb, keptAfterMb, salvo }) => [
    label,
    rssMb.toFixed(0),
    keptBeforeMb.toFixed(2),
    keptAfterMb.toFixed(2),
    String(salvo.requests),
    String(salvo.failed),
  ]);
  const what = `The same application at ${perSecond} requests a second for ${seconds} seconds. RSS is the median of the second half; kept is what a full collection leaves in the heap and in buffers.`;
  return `## Memory under a steady load\n\n${what}\n\n${table(head, lines)}\n`;
}
