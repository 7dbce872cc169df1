// Measures `longpole up`: how many spans it takes in for a second of processor time, and how fast it answers meanwhile.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SPANS_A_BATCH, spanBatch, traceIdOf } from './span-batch.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface Ingest {
  readonly spans: number;
  readonly perCpuSecond: number;
  readonly perSecond: number;
  /** Milliseconds of a query for one trace, as far as the median and the worst. */
  readonly query: Spread;
  /** Whether the traces can be read back. */
  readonly stored: string;
}

interface Addresses {
  readonly otlpUrl: string;
  readonly uiUrl: string;
}

const CONNECTIONS = 4;
const QUERY_EVERY_MS = 25;
const COMMAND = join(import.meta.dirname, '..', '..', 'observatory', 'bin', 'longpole.js');
/** Clock ticks of /proc a second, on every Linux that Node.js runs on. */
const TICKS = 100;

export async function measureIngest(batches: number): Promise<Ingest | undefined> {
  if (process.platform !== 'linux') return undefined;
  const backend = spawn(process.execPath, [COMMAND, 'up', '--otlp-port', '0', '--ui-port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const addresses = await addressesOf(backend);
    const bodies = Array.from({ length: batches }, (_, i) => spanBatch(i));
    const warmUp = Math.ceil(batches / 5);
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    await sendAll(bodies.slice(0, warmUp), addresses.otlpUrl, agent);
    const [cpuBefore, begun] = [cpuSeconds(backend), performance.now()];
    const queries = queryMeanwhile(addresses.uiUrl, traceIdOf(0));
    await sendAll(bodies.slice(warmUp), addresses.otlpUrl, agent);
    const seconds = (performance.now() - begun) / 1000;
    const cpu = cpuSeconds(backend) - cpuBefore;
    const times = await queries.stop();
    const spans = (batches - warmUp) * SPANS_A_BATCH;
    agent.destroy();
    const found = await foundOf(addresses.uiUrl, [0, warmUp, batches - 1]);
    return {
      spans,
      perCpuSecond: spans / cpu,
      perSecond: spans / seconds,
      query: spreadOf(times),
      stored: found,
    };
  } finally {
    backend.kill('SIGTERM');
    await once(backend, 'exit');
  }
}

async function addressesOf(backend: ChildProcess): Promise<Addresses> {
  if (backend.stdout === null) throw new Error('`longpole up` has no output to read.');
  const lines = createInterface({ input: backend.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as Addresses;
}

function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function sendAll(bodies: readonly Uint8Array[], otlp: string, agent: Agent): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await send(body, otlp, agent);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

function send(body: Uint8Array, otlp: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const sent = request(`${otlp}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      const { statusCode } = response;
      response.resume().on('end', () => {
        if (statusCode === 200) resolve();
        else reject(new Error(`longpole up answered ${statusCode} to a batch of spans.`));
      });
    });
    sent.on('error', reject).end(body);
  });
}

function queryMeanwhile(ui: string, traceId: string): { stop(): Promise<number[]> } {
  const times: number[] = [];
  let isStopped = false;
  const ask = async (): Promise<void> => {
    while (!isStopped) {
      const begun = performance.now();
      await (await fetch(`${ui}/api/traces/${traceId}`)).arrayBuffer();
      times.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, QUERY_EVERY_MS));
    }
  };
  const asking = ask();
  return {
    async stop() {
      isStopped = true;
      await asking;
      return times;
    },
  };
}

async function foundOf(ui: string, batches: readonly number[]): Promise<string> {
  let found = 0;
  for (const batch of batches) {
    const response = await fetch(`${ui}/api/traces/${traceIdOf(batch)}`);
    const { data = [] } = (await response.json()) as { data?: { spans?: object[] }[] };
    found += (data[0]?.spans ?? []).length > 0 ? 1 : 0;
  }
  return `${found} of ${batches.length} traces that were looked for are there`;
}
