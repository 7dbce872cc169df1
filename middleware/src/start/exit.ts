// Flushes before the process ends, whichever way it ends, without changing how it ends.

import { spawnSync } from 'node:child_process';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { reportFault } from '../shared/guard.ts';
import type { BatchProcessor } from './batch-processor.ts';

export interface ExitPlan {
  /** `undefined` when the SDK's own processors are in use; then only `shutdown` flushes. */
  readonly processor: BatchProcessor | undefined;
  readonly shutdown: () => Promise<void>;
  readonly deadlineMs: number;
  /** Where a last synchronous try can go; `undefined` when the exporter is not OTLP over HTTP. */
  readonly url: string | undefined;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/** Installs the listeners; returns the function that takes them away. */
export function flushBeforeExit(plan: ExitPlan): () => void {
  const onSignal = (signal: NodeJS.Signals): void => void endBySignal(signal, plan);
  const onBeforeExit = (): void => {
    if (plan.processor !== undefined && plan.processor.stats().queued > 0) {
      void withDeadline(plan.processor.forceFlush(), plan.deadlineMs);
    }
  };
  const onExit = (): void => sendSynchronously(plan);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('beforeExit', onBeforeExit);
    process.off('exit', onExit);
  };
}

/** Resolves when `work` does, or after the deadline; never rejects. */
export function withDeadline(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deadlineMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, (error: unknown) => {
      reportFault('flushing', error);
      done();
    });
  });
}

/** An application with a handler of its own decides when to exit; without one the signal must still end the process. */
async function endBySignal(signal: NodeJS.Signals, plan: ExitPlan): Promise<void> {
  const isOurs = process.listenerCount(signal) === 1;
  if (!isOurs) {
    await withDeadline(plan.processor?.forceFlush() ?? Promise.resolve(), plan.deadlineMs);
    return;
  }
  await plan.shutdown();
  process.kill(process.pid, signal);
}

/** What a `process.exit()` right after the last response would lose is sent by a short-lived child process. */
function sendSynchronously({ processor, url, deadlineMs }: ExitPlan): void {
  const spans = processor?.takeQueued() ?? [];
  if (processor === undefined || spans.length === 0) return;
  if (url === undefined) {
    processor.settle(spans.length, 'exit');
    return;
  }
  try {
    const body = JsonTraceSerializer.serializeRequest(spans);
    const { status } = spawnSync(process.execPath, ['-e', POST_STANDARD_INPUT, url], {
      input: body ?? '',
      timeout: Math.min(deadlineMs, 2000),
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env['PATH'], LONGPOLE_HEADERS: headersFromEnvironment() },
    });
    processor.settle(spans.length, status === 0 ? undefined : 'exit');
  } catch (error) {
    processor.settle(spans.length, 'exit');
    reportFault('sending at exit', error);
  }
}

function headersFromEnvironment(): string {
  return [process.env['OTEL_EXPORTER_OTLP_HEADERS'], process.env['OTEL_EXPORTER_OTLP_TRACES_HEADERS']]
    .filter((value) => value !== undefined)
    .join(',');
}

const POST_STANDARD_INPUT = `
const chunks = [];
process.stdin.on('data', (c) => chunks.push(c)).on('end', async () => {
  const pairs = process.env.LONGPOLE_HEADERS.split(',').map((p) => p.split(/=(.*)/s)).filter(([k, v]) => k && v !== undefined);
  const own = Object.fromEntries(pairs.map(([k, v]) => [decodeURIComponent(k.trim()), decodeURIComponent(v.trim())]));
  const r = await fetch(process.argv[1], { method: 'POST', body: Buffer.concat(chunks), headers: { ...own, 'content-type': 'application/json' } });
  process.exit(r.ok ? 0 : 1);
});`;
