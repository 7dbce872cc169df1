// A process that sends requests: as many as are answered over some connections, or at a fixed rate.

import { Agent, request } from 'node:http';
import { answerQuestions } from './questions.ts';

/** One request, sent again and again. */
export interface Shot {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly bodyBytes?: number;
  readonly json?: string;
}

export interface Salvo {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const HEADERS = { 'x-user-id': 'ada', 'x-order-id': 'order-17', 'x-cart-items': '3' };
const agents = new Map<number, Agent>();

function agentOf(port: number, connections: number): Agent {
  const agent = agents.get(port) ?? new Agent({ keepAlive: true, maxSockets: connections, timeout: 0 });
  agents.set(port, agent);
  return agent;
}

/** Resolves with whether the whole answer came with a status below 400. */
function shoot({ port, method, path, bodyBytes, json }: Shot, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const body = json ?? (bodyBytes === undefined ? undefined : chunkOf(bodyBytes));
    const headers = { ...HEADERS, ...(json === undefined ? {} : { 'content-type': 'application/json' }) };
    const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
      response.on('end', () => resolve((response.statusCode ?? 500) < 400)).on('error', () => resolve(false));
      response.resume();
    });
    sent.on('error', () => resolve(false));
    if (bodyBytes !== undefined) for (let i = 0; i < 4; i++) sent.write(body);
    sent.end(bodyBytes === undefined ? body : undefined);
  });
}

const chunks = new Map<number, Buffer>();
function chunkOf(bytes: number): Buffer {
  const chunk = chunks.get(bytes) ?? Buffer.alloc(bytes / 4, 97);
  chunks.set(bytes, chunk);
  return chunk;
}

function salvoOf(latencies: number[], failed: number, seconds: number): Salvo {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { requests: latencies.length, failed, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function saturate({
  shot,
  connections,
  ms,
  count = Number.POSITIVE_INFINITY,
}: Saturation): Promise<Salvo> {
  const agent = agentOf(shot.port, connections);
  const started = performance.now();
  const latencies: number[] = [];
  let failed = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - started < ms && latencies.length < count) {
      const sentAt = performance.now();
      if (!(await shoot(shot, agent))) failed += 1;
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return salvoOf(latencies, failed, (performance.now() - started) / 1000);
}

interface Saturation {
  readonly shot: Shot;
  readonly connections: number;
  readonly ms: number;
  readonly count?: number;
}

/** Sends by the clock; a latency counts from when the request was due, so that waiting is not left out. */
async function pace({ shot, perSecond, ms }: { shot: Shot; perSecond: number; ms: number }): Promise<Salvo> {
  const agent = agentOf(shot.port, 256);
  const started = performance.now();
  const latencies: number[] = [];
  const open: Promise<void>[] = [];
  let failed = 0;
  const fire = async (dueMs: number): Promise<void> => {
    if (!(await shoot(shot, agent))) failed += 1;
    latencies.push(performance.now() - dueMs);
  };
  for (let sent = 0; performance.now() - started < ms; ) {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
    for (; sent < due; sent++) open.push(fire(started + (sent * 1000) / perSecond));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
  return salvoOf(latencies, failed, (performance.now() - started) / 1000);
}

answerQuestions({ saturate, pace });
