// Asks a backend for one trace after the other, at fixed moments, and times the answers.
import { Agent, get } from 'node:http';
import { Random } from './random.ts';
import { SPANS_A_TRACE } from './traffic.ts';

export interface Latencies {
  readonly asked: number;
  /** Answers that did not have the trace whole. */
  readonly incomplete: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const ASKED_A_SECOND = 40;

/** The spans in the answer for a trace; 0 when there is no such trace. */
export function spansOfTrace(uiUrl: string, traceId: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${uiUrl}/api/traces/${traceId}`, { agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () => resolve(countSpans(response.statusCode, Buffer.concat(parts))));
    }).on('error', reject);
  });
}

function countSpans(status: number | undefined, body: Buffer): number {
  if (status !== 200) return 0;
  const { data } = JSON.parse(body.toString()) as { data?: { spans?: object[] }[] };
  return data?.[0]?.spans?.length ?? 0;
}

function latenciesOf(times: readonly number[], incomplete: number): Latencies {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { asked: times.length, incomplete, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) };
}

/**
 * Asks until it is stopped. A question is put when it is due, whether or not the ones before it have been answered, and timed
 * from then on: waiting is not left out.
 */
export function askMeanwhile(uiUrl: string, pickTrace: (random: Random) => string): () => Promise<Latencies> {
  const agent = new Agent({ keepAlive: true });
  const random = new Random(11);
  const times: number[] = [];
  const asking: Promise<void>[] = [];
  let incomplete = 0;
  const began = performance.now();
  const dueOf = (question: number): number => began + (question * 1000) / ASKED_A_SECOND;
  const ask = async (dueMs: number): Promise<void> => {
    const spans = await spansOfTrace(uiUrl, pickTrace(random), agent);
    times.push(performance.now() - dueMs);
    if (spans !== SPANS_A_TRACE) incomplete++;
  };
  const timer = setInterval(() => {
    while (dueOf(asking.length) <= performance.now()) asking.push(ask(dueOf(asking.length)));
  }, 1);
  return async () => {
    clearInterval(timer);
    await Promise.all(asking);
    agent.destroy();
    return latenciesOf(times, incomplete);
  };
}
