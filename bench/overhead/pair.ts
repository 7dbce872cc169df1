// Two fresh processes of one application, with a tracer and without, warmed alike, to be measured in turns.

import { Subject, type Surroundings } from './subject.ts';
import { BARE, type Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export interface Pair {
  readonly bare: Subject;
  readonly traced: Subject;
}

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
 * Until its code is compiled: a tracer brings more of it, so after few requests it would seem dearer than it is. From then on
 * the application keeps to its processor.
 */
export async function warm(subject: Subject, requests: number): Promise<void> {
  await answerAll(subject, requests);
  subject.keepOnItsProcessor();
}

async function answerAll(subject: Subject, count: number): Promise<void> {
  const { failed, requests } = await subject.saturate({ count });
  if (failed > requests / 100) throw new Error(`${failed} of ${requests} requests failed.`);
}
