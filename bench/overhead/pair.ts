// Two fresh processes of one application, with a tracer and without, warmed alike, to be measured in turns.

import { Subject, type Surroundings } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export interface Pair {
  readonly bare: Subject;
  readonly traced: Subject;
}

/** Requests between two collections. */
const BETWEEN = 300;
/** A collection throws compiled code away, which is compiled anew: in as many requests, as a share of the first ones. */
const AFTER_SHARE = 0.75;

/** Requests that an application has answered when it is warm. */
export const answeredWarm = (warmUp: number): number => warmUp + BETWEEN + Math.ceil(warmUp * AFTER_SHARE);

/** @throws Error when the application does not start with the tracer, or does not answer */
export async function withPair<T>(
  variant: Variant,
  workload: Workload,
  around: Surroundings,
  warmUp: number,
  work: (pair: Pair) => Promise<T>,
): Promise<T> {
  const starts = [BARE, variant].map((each) => Subject.start(each, workload, around));
  try {
    const [bare, traced] = (await Promise.all(starts)) as [Subject, Subject];
    await Promise.all([warm(bare, warmUp), warm(traced, warmUp)]);
    return await work({ bare, traced });
  } finally {
    const started = await Promise.allSettled(starts);
    await Promise.all(started.map(async (each) => each.status === 'fulfilled' && each.value.stop()));
  }
}

/**
 * Until its code is compiled, and until it is what every process is that has run for some minutes: one that has
 * collected its whole heap, after which an axios call leaves garbage that young collections do not find.
 */
export async function warm(subject: Subject, requests: number): Promise<void> {
  await answerAll(subject, requests);
  await subject.collectGarbage();
  await answerAll(subject, BETWEEN);
  await subject.collectGarbage();
  await answerAll(subject, Math.ceil(requests * AFTER_SHARE));
}

async function answerAll(subject: Subject, count: number): Promise<void> {
  const { failed, requests } = await subject.saturate({ count });
  if (failed > requests / 100) throw new Error(`${failed} of ${requests} requests failed.`);
}
