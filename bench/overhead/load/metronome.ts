// Beats in a thread of its own: the timers of an event loop are up to a millisecond late, which is longer than a request takes.

import { parentPort, workerData } from 'node:worker_threads';

export interface Beats {
  readonly perSecond: number;
  readonly count: number;
  /** Of the first beat, in milliseconds since 1970. */
  readonly startMs: number;
}

const { perSecond, count, startMs } = workerData as Beats;
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

for (let beat = 0; beat < count; beat++) {
  const dueMs = startMs + (beat * 1000) / perSecond;
  const waitMs = dueMs - (performance.timeOrigin + performance.now());
  if (waitMs > 0) Atomics.wait(nobodyWakes, 0, 0, waitMs);
  parentPort?.postMessage(dueMs);
}
