// One measurement in a process of its own: `measure.ts <what> <shape> <spans>` prints one line of JSON.
import { mkdtempSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  analyzeTrace,
  createDoctor,
  createRouteStats,
  type TraceAnalysis,
} from '../../observatory/src/analysis/index.ts';
import { fileSource } from '../../observatory/src/sources/index.ts';
import type { Trace } from '../../observatory/src/trace/span.ts';
import { spansToOtlpJson } from '../../observatory/src/wire/otlp-json-write.ts';
import { loadRival, toRivalTrace } from './jaeger-ui.ts';
import { makeChain, makeLoop, makeMesh } from './make-traces.ts';

const MOST_WARM_RUNS = 9;
const LONG_ENOUGH_MS = 8_000;
/** Routes among the traces of the JSON lines. */
const ROUTES = 10;
const SHAPES: Record<string, (count: number) => Trace> = {
  mesh: (count) => makeMesh(count),
  loop: makeLoop,
  chain: makeChain,
};

/** Milliseconds of the first run, and the median and the best of those after it; and of the processor, all threads. */
interface Timing {
  readonly firstMs: number;
  readonly medianMs: number;
  readonly bestMs: number;
  readonly medianCpuMs: number;
  readonly parts: number;
  readonly failed?: string;
}

function time(run: () => { parts: number; failed?: string }): Timing {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  let outcome = { parts: 0 };
  const began = performance.now();
  while (times.length <= MOST_WARM_RUNS && performance.now() - began < LONG_ENOUGH_MS) {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    outcome = run();
    times.push(performance.now() - start);
    const { user, system } = process.cpuUsage(cpuStart);
    cpuTimes.push((user + system) / 1000);
  }
  const firstMs = times[0] ?? 0;
  const warm = sorted(times);
  return {
    firstMs,
    medianMs: middle(warm),
    bestMs: warm[0] ?? 0,
    medianCpuMs: middle(sorted(cpuTimes)),
    ...outcome,
  };
}

/** The runs after the first one, the shortest first; where there was one only, that one. */
function sorted(times: readonly number[]): number[] {
  return (times.length > 1 ? times.slice(1) : [...times]).sort((a, b) => a - b);
}

function middle(times: readonly number[]): number {
  return times[Math.floor(times.length / 2)] ?? 0;
}

function timeOurs(trace: Trace): Timing {
  return time(() => ({ parts: analyzeTrace(trace).path.parts.length }));
}

function timeRival(trace: Trace): Timing {
  const rival = loadRival(process.env['JAEGER_UI'] ?? '');
  const given = toRivalTrace(trace);
  console.error = () => undefined;
  return time(() => {
    const { sections, failed, errors } = rival(given);
    return { parts: sections.length, ...(failed ? { failed: errors[0] ?? 'failed' } : {}) };
  });
}

async function writeLines(path: string, traces: number, spans: number): Promise<void> {
  const file = await open(path, 'w');
  for (let i = 0; i < traces; i++) {
    const traceId = (i + 1).toString(16).padStart(32, '0');
    const trace = makeMesh(spans, { traceId, seed: 1 + (i % ROUTES), scale: 1 + (i % 97) });
    await file.write(`${JSON.stringify(spansToOtlpJson(trace.spans))}\n`);
  }
  await file.close();
}

/** What is made of many traces: the number of routes or of findings. */
interface Judge {
  readonly add: (analysis: TraceAnalysis) => void;
  readonly finish: () => readonly unknown[];
}

const JUDGES: Record<string, () => Judge> = { routes: createRouteStats, doctor: () => createDoctor() };

/** Reads traces from JSON lines, analyses each and shows it to a judge. */
async function readLines(path: string, judge: Judge): Promise<object> {
  const start = performance.now();
  let traces = 0;
  for await (const trace of fileSource(path).list({})) {
    judge.add(analyzeTrace(trace));
    traces += 1;
  }
  const said = judge.finish().length;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const { user, system } = process.cpuUsage();
  const cpuSeconds = (user + system) / 1e6;
  return { traces, said, seconds: (performance.now() - start) / 1000, cpuSeconds, peakMb };
}

const [what = '', shape = '', count = ''] = process.argv.slice(2);
if (what === 'write') {
  const folder = mkdtempSync(join(tmpdir(), 'longpole-bench-'));
  const path = join(folder, 'traces.jsonl');
  await writeLines(path, Number(shape), Number(count));
  console.log(JSON.stringify({ path }));
} else if (what === 'read') {
  console.log(JSON.stringify(await readLines(shape, (JUDGES[count] as () => Judge)())));
} else {
  const trace = (SHAPES[shape] as (count: number) => Trace)(Number(count));
  console.log(JSON.stringify(what === 'ours' ? timeOurs(trace) : timeRival(trace)));
}
