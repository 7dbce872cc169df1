// Measures applications in turns: a block without a tracer before and after each block with one, round after round.

import type { Salvo } from './load.ts';
import type { Subject, Surroundings, Usage } from './subject.ts';

export interface Block {
  readonly cpuUsPerRequest: number;
  readonly perSecond: number;
}

/** What one subject's blocks were, and the blocks without a tracer around each of them. */
export interface Series {
  readonly subject: Subject;
  readonly blocks: { readonly own: Block; readonly around: readonly [Block, Block] }[];
  requests: number;
  failed: number;
  received: number;
  rssBytes: number;
  spans: Usage['spans'];
}

export interface Plan {
  readonly rounds: number;
  readonly blockMs: number;
  readonly connections: number;
}

const PRELUDE_MS = 150;

interface Fired extends Salvo {
  /** With those before the measurement, whose spans arrive too. */
  readonly requestsInAll: number;
}

/** Runs one block. What is sent later is counted too: the caller asks for the end after the next block. */
async function fire(subject: Subject, { load }: Surroundings, plan: Plan): Promise<Fired> {
  const shot = { ...subject.workload.shot, port: subject.port };
  // It was idle while the others had their turns: the caches of the processor have forgotten it.
  const prelude = await load.ask<Salvo>('saturate', { shot, connections: plan.connections, ms: PRELUDE_MS });
  await subject.begin();
  const salvo = await load.ask<Salvo>('saturate', { shot, connections: plan.connections, ms: plan.blockMs });
  return { ...salvo, requestsInAll: prelude.requests + salvo.requests };
}

async function finish(subject: Subject, salvo: Salvo): Promise<{ block: Block; usage: Usage }> {
  const usage = await subject.end();
  const block = { cpuUsPerRequest: usage.cpuUs / salvo.requests, perSecond: salvo.requests / salvo.seconds };
  return { block, usage };
}

/**
 * Each subject's processor time is read one block later, when its spans are sent: exporting counts, wherever it is done.
 */
export async function interleave(
  bare: Subject,
  subjects: readonly Subject[],
  around: Surroundings,
  plan: Plan,
): Promise<Series[]> {
  const series: Series[] = subjects.map((subject) => ({
    subject,
    blocks: [],
    requests: 0,
    failed: 0,
    received: 0,
    rssBytes: 0,
    spans: undefined,
  }));
  for (let round = 0; round < plan.rounds; round++) {
    const order = round % 2 === 0 ? series : series.toReversed();
    let before = (await finish(bare, await fire(bare, around, plan))).block;
    for (const one of order) {
      const salvo = await fire(one.subject, around, plan);
      const { block: after } = await finish(bare, await fire(bare, around, plan));
      const { block: own, usage } = await finish(one.subject, salvo);
      one.blocks.push({ own, around: [before, after] });
      one.requests += salvo.requestsInAll;
      one.failed += salvo.failed;
      one.rssBytes = Math.max(one.rssBytes, usage.rssBytes);
      one.spans = usage.spans;
      before = after;
    }
    process.stderr.write(`round ${round + 1} of ${plan.rounds}\n`);
  }
  return series;
}
