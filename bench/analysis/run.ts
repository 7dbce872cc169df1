// `npm run bench:analysis`: measures the analysis against its targets and a rival, prints a table and writes RESULTS-analysis.md.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';

const HERE = import.meta.dirname;
const JAEGER_UI = process.env['JAEGER_UI'];
const ROWS: readonly (readonly [shape: string, spans: number])[] = [
  ['mesh', 12_500],
  ['mesh', 25_000],
  ['mesh', 50_000],
  ['mesh', 100_000],
  ['mesh', 200_000],
  ['loop', 100_000],
  ['chain', 10_000],
  ['chain', 100_000],
];

const TRACES: readonly number[] = [5_000, 10_000, 20_000];
const SPANS_OF_A_TRACE = 50;
/** What is made of many traces: the statistics of their routes, or findings. */
const JUDGES: readonly string[] = ['routes', 'doctor'];

/** What `measure.ts` prints of a run over one trace. */
interface Timing {
  readonly firstMs: number;
  readonly medianMs: number;
  readonly bestMs: number;
  readonly medianCpuMs: number;
  readonly parts: number;
  readonly failed?: string;
}

const PATIENCE_MS = 30_000;

function measure<T>(...args: readonly (string | number)[]): T {
  const command = ['--conditions=longpole-source', join(HERE, 'measure.ts'), ...args.map(String)];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8', timeout: PATIENCE_MS })) as T;
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** `undefined` when it is not done in time. */
function measureRival(shape: string, spans: number): Timing | undefined {
  try {
    return measure<Timing>('rival', shape, spans);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ETIMEDOUT') return undefined;
    throw error;
  }
}

function rivalCells(shape: string, spans: number): string[] {
  if (JAEGER_UI === undefined) return ['not measured', ''];
  const timing = measureRival(shape, spans);
  if (timing === undefined) return [`over ${PATIENCE_MS / 1000} s`, ''];
  if (timing.failed === undefined) return [ms(timing.medianCpuMs), String(timing.parts)];
  return ['fails', timing.failed.replace(/^Root span \w+: /, '')];
}

function traceRow([shape, spans]: readonly [string, number]): string {
  const ours = measure<Timing>('ours', shape, spans);
  const own = [ours.firstMs, ours.medianMs, ours.bestMs, ours.medianCpuMs].map(ms);
  own.push(String(ours.parts));
  const line = `| ${[shape, String(spans), ...own, ...rivalCells(shape, spans)].join(' | ')} |`;
  console.log(line);
  return line;
}

/** What `measure.ts` prints of many traces. */
interface Reading {
  readonly traces: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** Traces of 50 spans, from JSON lines to what each judge makes of them. */
function linesRows(count: number): string[] {
  const { path } = measure<{ path: string }>('write', count, SPANS_OF_A_TRACE);
  const lines = JUDGES.map((judge) => {
    const { traces, seconds, cpuSeconds, peakMb } = measure<Reading>('read', path, judge);
    const cells = [`${traces} × ${SPANS_OF_A_TRACE}`, judge, `${seconds.toFixed(2)} s`];
    const line = `| ${cells.join(' | ')} | ${cpuSeconds.toFixed(2)} s | ${peakMb.toFixed(0)} MB |`;
    console.log(line);
    return line;
  });
  rmSync(dirname(path), { recursive: true });
  return lines;
}

const head = [
  '# Measurements of the analysis',
  '',
  'Written by `npm run bench:analysis`; how it is measured, and what the shapes are, is in [README.md](README.md).',
  '',
  `- ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.versions.node}, load ${ms(loadavg()[0] ?? 0)} at the start`,
  '- first: the first run of the process; median and best: of nine runs after it; milliseconds',
  '- median CPU: processor time of all threads, garbage collection included: what it takes on one core, nearly the same on a busy machine',
  '- Jaeger UI is given its tree ready-made and only walks the path; Longpole starts from the list of spans',
  '',
  '## One trace',
  '',
  '| shape | spans | first | median | best | median CPU | parts | Jaeger UI, median CPU | its sections |',
  '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
];
console.log(head.join('\n'));
const rows = ROWS.map(traceRow);
const manyHead = [
  '',
  '## Many traces',
  '',
  '| JSON lines: traces × spans | what for | read, analysed, judged in | CPU, start included | peak memory |',
  '|---|---|---:|---:|---:|',
];
console.log(manyHead.join('\n'));
writeFileSync(
  join(HERE, '..', 'RESULTS-analysis.md'),
  `${[...head, ...rows, ...manyHead, ...TRACES.flatMap(linesRows)].join('\n')}\n`,
);
