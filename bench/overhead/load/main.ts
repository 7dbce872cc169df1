// A process that sends requests: as many as are answered over some connections, or at a fixed rate.

import { once } from 'node:events';
import { setTimeout as pauseMs } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { answerQuestions } from '../questions.ts';
import { bytesOf, Connections, type Shot } from './connections.ts';
import type { Beats } from './metronome.ts';

export interface Salvo {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** For so long, or until there are so many answers, whichever comes first. */
interface Saturation {
  readonly shot: Shot;
  readonly connections: number;
  readonly ms?: number;
  readonly count?: number;
}

interface Pace {
  readonly shot: Shot;
  readonly perSecond: number;
  readonly ms: number;
}

/** The thread of the metronome needs a moment to start. */
const PREPARATION_MS = 100;
const METRONOME = new URL('./metronome.ts', import.meta.url);

const byPort = new Map<number, Connections>();

function connectionsTo(port: number): Connections {
  const connections = byPort.get(port) ?? new Connections(port);
  byPort.set(port, connections);
  return connections;
}

const now = (): number => performance.timeOrigin + performance.now();

function salvoOf(latencies: number[], failed: number, seconds: number): Salvo {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { requests: latencies.length, failed, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function saturate({ shot, connections, ms = Infinity, count = Infinity }: Saturation): Promise<Salvo> {
  const to = connectionsTo(shot.port);
  const bytes = bytesOf(shot);
  const startMs = now();
  const latencies: number[] = [];
  let sent = 0;
  let failed = 0;
  const worker = async (): Promise<void> => {
    while (now() - startMs < ms && sent < count) {
      sent += 1;
      const sentMs = now();
      if (!(await to.send(bytes))) failed += 1;
      latencies.push(now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return salvoOf(latencies, failed, (now() - startMs) / 1000);
}

/** Sends by the clock; a latency counts from when the request was due, so that waiting is not left out. */
async function pace({ shot, perSecond, ms }: Pace): Promise<Salvo> {
  const to = connectionsTo(shot.port);
  const bytes = bytesOf(shot);
  const startMs = now() + PREPARATION_MS;
  const latencies: number[] = [];
  let sent = 0;
  let failed = 0;
  const fire = async (dueMs: number): Promise<void> => {
    sent += 1;
    if (!(await to.send(bytes))) failed += 1;
    latencies.push(now() - dueMs);
  };
  const beats: Beats = { perSecond, count: Math.floor((perSecond * ms) / 1000), startMs };
  const metronome = new Worker(METRONOME, { workerData: beats });
  metronome.on('message', (dueMs: number) => void fire(dueMs));
  await once(metronome, 'exit');
  while (latencies.length < sent) await pauseMs(1);
  return salvoOf(latencies, failed, (now() - startMs) / 1000);
}

answerQuestions({ saturate, pace });
