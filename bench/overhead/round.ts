// Measures one pair of processes in turns: under full load, and at a fixed rate.

import { type Ratios, ratiosOf, type Share, tracedBlocks } from './blocks.ts';
import type { Salvo } from './load/main.ts';
import type { Pair } from './pair.ts';
import { settle } from './settle.ts';
import { spreadOf } from './statistics.ts';
import type { Subject } from './subject.ts';

export interface FullLoad extends Ratios {
  readonly failed: number;
  readonly requests: number;
  /** Spans that arrived for these requests. */
  readonly spans: number;
}

/** The blocks of both in turns, each ended before the next begins. */
async function inTurns(
  { bare, traced }: Pair,
  round: number,
  block: (subject: Subject) => Promise<void>,
): Promise<void> {
  for (const isTraced of tracedBlocks(round)) await block(isTraced ? traced : bare);
}

/**
 * The processor time of both is read when the last span has arrived: sending is counted, whenever and by whatever
 * thread it is done.
 */
export async function underFullLoad(
  pair: Pair,
  plan: { readonly round: number; readonly requests: number; readonly spansPerRequest: number },
): Promise<FullLoad> {
  const { bare, traced } = pair;
  const [salvos, before] = [new Map<Subject, Salvo[]>(), await traced.received()];
  await Promise.all([bare.begin(), traced.begin()]);
  await inTurns(pair, plan.round, async (subject) => {
    const salvo = await subject.saturate({ count: Math.ceil(plan.requests / 4) });
    salvos.set(subject, [...(salvos.get(subject) ?? []), salvo]);
  });
  const total = (subject: Subject, read: (salvo: Salvo) => number): number =>
    (salvos.get(subject) ?? []).reduce((sum, salvo) => sum + read(salvo), 0);
  const requests = total(traced, (salvo) => salvo.requests);
  const received = await settle(traced, { expected: before + plan.spansPerRequest * requests });
  const shareOf = async (subject: Subject): Promise<Share> => ({
    ...(await subject.end()),
    requests: total(subject, (salvo) => salvo.requests),
    seconds: total(subject, (salvo) => salvo.seconds),
  });
  const ratios = ratiosOf(await shareOf(bare), await shareOf(traced));
  const failed = total(bare, (salvo) => salvo.failed) + total(traced, (salvo) => salvo.failed);
  return { ...ratios, failed, requests, spans: received - before };
}

/** What an application does at a fixed rate: the medians of its blocks in a round. */
export interface RateLoad {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly delayP99Ms: number;
}

export interface RateLoads {
  readonly bare: RateLoad;
  readonly traced: RateLoad;
  readonly failed: number;
  /** Of the traced application. */
  readonly requests: number;
}

export async function atFixedRate(
  pair: Pair,
  plan: { readonly round: number; readonly perSecond: number; readonly blockMs: number },
): Promise<RateLoads> {
  const blocks: { readonly subject: Subject; readonly salvo: Salvo; readonly delayP99Ms: number }[] = [];
  await inTurns(pair, plan.round, async (subject) => {
    await subject.begin(true);
    const salvo = await subject.pace(plan.perSecond, plan.blockMs);
    const { delayP99Ms = Number.NaN } = await subject.end();
    blocks.push({ subject, salvo, delayP99Ms });
  });
  const loadOf = (subject: Subject): RateLoad => {
    const own = blocks.filter((block) => block.subject === subject);
    const median = (read: (block: (typeof own)[number]) => number): number => spreadOf(own.map(read)).median;
    return {
      p50Ms: median(({ salvo }) => salvo.p50Ms),
      p99Ms: median(({ salvo }) => salvo.p99Ms),
      delayP99Ms: median(({ delayP99Ms }) => delayP99Ms),
    };
  };
  const traced = blocks.filter(({ subject }) => subject === pair.traced);
  return {
    bare: loadOf(pair.bare),
    traced: loadOf(pair.traced),
    failed: blocks.reduce((sum, { salvo }) => sum + salvo.failed, 0),
    requests: traced.reduce((sum, { salvo }) => sum + salvo.requests, 0),
  };
}
