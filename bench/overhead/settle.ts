// Waits until the spans of a load have arrived, so that sending them is counted and none is taken for lost.

import { setTimeout as pauseMs } from 'node:timers/promises';
import type { Subject } from './subject.ts';

const POLL_MS = 50;
/** Longer than any tracer waits before it sends, but for those that say so. */
const QUIET_MS = 2500;
const AFTER_WAIT_MS = 1500;
const GIVE_UP_MS = 30_000;
/** The end of the last answer, and with it of the last span, comes after the load has seen it. */
const LAST_END_MS = 50;

/**
 * Resolves with the spans that have arrived so far: when as many have as are expected, or else when nothing has come
 * for longer than the tracer waits before it sends.
 */
export async function settle(
  subject: Subject,
  { expected, quietMs = quietMsOf(subject) }: { expected?: number | undefined; quietMs?: number } = {},
): Promise<number> {
  if (subject.variant.protocol === undefined) return 0;
  await pauseMs(LAST_END_MS);
  const goal = (await subject.made()) ?? expected ?? Number.POSITIVE_INFINITY;
  const giveUp = performance.now() + GIVE_UP_MS;
  let received = await subject.received();
  let quietSince = performance.now();
  while (received < goal && performance.now() - quietSince < quietMs && performance.now() < giveUp) {
    await pauseMs(POLL_MS);
    const now = await subject.received();
    if (now !== received) [received, quietSince] = [now, performance.now()];
  }
  await pauseMs(LAST_END_MS);
  return received;
}

function quietMsOf({ variant: { longestWaitMs = 0 } }: Subject): number {
  return Math.max(QUIET_MS, longestWaitMs + AFTER_WAIT_MS);
}
