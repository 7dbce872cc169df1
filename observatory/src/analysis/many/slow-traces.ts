// What the slow traces of a route have that the fast ones have not.
import { durationText, percentText } from '../../trace/duration-text.ts';
import { fisherExact } from '../statistics/fisher.ts';
import { holm } from '../statistics/holm.ts';
import { quantile } from '../statistics/quantile.ts';
import type { CommonTrait, SlowTraces } from './route-stats.ts';
import { LEAST_TO_SPLIT, splitSlow } from './split-slow.ts';
import type { TraceDigest } from './trace-digest.ts';
import { type Candidate, traitCandidates } from './trait-counts.ts';
import type { TraitTable } from './trait-table.ts';
import { traitText } from './trait-text.ts';

/** Chance of even one trait being named on a route where none has anything to do with the duration. */
const FALSE_ALARM = 0.01;
/** Traits whose shares differ by less are not worth a line. */
const LEAST_DIFFERENCE = 0.1;
/** The median slow trace must take longer than the median fast one by this share of it. */
const LEAST_SLOWDOWN = 0.1;
/** Traits that agree on this share of the traces that either has are one. */
const SAME = 0.95;
const MOST_TRAITS = 10;
const MOST_ALSO = 5;
const PREFERENCE = ['attribute', 'number', 'error', 'repeated', 'operation', 'resource'] as const;

interface Judged extends Candidate {
  readonly pValue: number;
  readonly slowShare: number;
  readonly fastShare: number;
  readonly text: string;
}

function isWorthSaying({ trait, pValue, slowShare, fastShare }: Judged): boolean {
  const difference = slowShare - fastShare;
  if (pValue > FALSE_ALARM || Math.abs(difference) < LEAST_DIFFERENCE) return false;
  return difference > 0 || trait.kind === 'operation';
}

function judge(candidates: readonly Candidate[], slow: number, fast: number): Judged[] {
  const corrected = holm(candidates.map(({ inSlow, inFast }) => fisherExact(inSlow, slow, inFast, fast)));
  return candidates.map((candidate, i) => ({
    ...candidate,
    pValue: corrected[i] as number,
    slowShare: candidate.inSlow / slow,
    fastShare: candidate.inFast / fast,
    text: traitText(candidate.trait),
  }));
}

/** For `sort`: the clearer difference first; of equal ones the more telling kind, the larger number, the name. */
function byClearness(a: Judged, b: Judged): number {
  const gap = (one: Judged): number => Math.round(Math.abs(one.slowShare - one.fastShare) * 50);
  const kind = (one: Judged): number => PREFERENCE.indexOf(one.trait.kind);
  const least = ({ trait }: Judged): number => ('atLeast' in trait ? trait.atLeast : 0);
  const clearer = gap(b) - gap(a) || kind(a) - kind(b) || a.pValue - b.pValue;
  return clearer || least(b) - least(a) || (a.text < b.text ? -1 : 1);
}

function agreement(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += (a[i] as number) & (b[i] as number);
    either += (a[i] as number) | (b[i] as number);
  }
  return either === 0 ? 1 : both / either;
}

/** Whether two traits are the same attribute of one operation: of several cuts through one number only the best is named. */
function isSameKey(a: Judged, b: Judged): boolean {
  if (a.trait.kind !== b.trait.kind || !(a.trait.kind === 'number' || a.trait.kind === 'repeated'))
    return false;
  const key = ({ trait }: Judged): string | undefined => ('key' in trait ? trait.key : undefined);
  return a.trait.service === b.trait.service && a.trait.operation === b.trait.operation && key(a) === key(b);
}

/** The traits to name, each with those that say the same. */
function withoutRepetition(judged: readonly Judged[]): CommonTrait[] {
  const named: { one: Judged; members: Uint8Array; also: string[] }[] = [];
  for (const one of judged) {
    if (named.some((other) => isSameKey(other.one, one))) continue;
    const members = one.members();
    const same = named.find((other) => agreement(other.members, members) >= SAME);
    if (same === undefined && named.length < MOST_TRAITS) named.push({ one, members, also: [] });
    else if (same !== undefined && same.also.length < MOST_ALSO) same.also.push(one.text);
  }
  return named.map(({ one, also }) => {
    const { trait, text, slowShare, fastShare, pValue } = one;
    const sentence = `${text} is in ${percentText(slowShare)} of the slow, ${percentText(fastShare)} of the fast.`;
    return { trait, text, slowShare, fastShare, pValue, also, sentence };
  });
}

function unjudged(count: number, reason: string): SlowTraces {
  return { slowCount: 0, fastCount: count, fromNs: 0n, traits: [], unjudged: reason };
}

/** What tells the slow from the fast among the traces of a route, which are in order of duration. */
export function slowTraces(digests: readonly TraceDigest[], table: TraitTable): SlowTraces {
  const count = digests.length;
  if (count < LEAST_TO_SPLIT) {
    return unjudged(
      count,
      `There are too few traces to tell slow from fast: ${count}, at least ${LEAST_TO_SPLIT} are needed.`,
    );
  }
  const durations = digests.map((digest) => digest.durationNs);
  const fast = splitSlow(durations);
  if (fast === undefined) return unjudged(count, 'All traces took the same time.');
  const slow = count - fast;
  const [fastNs, slowNs] = [quantile(durations.slice(0, fast), 0.5), quantile(durations.slice(fast), 0.5)];
  if (slowNs < fastNs * (1 + LEAST_SLOWDOWN)) {
    const [low, high] = [fastNs, slowNs].map((ns) => durationText(BigInt(ns)));
    return unjudged(
      count,
      `All traces took about the same time: ${low} (the faster) to ${high} (the slower).`,
    );
  }
  const candidates = traitCandidates(digests, fast, table.traits, table.keys);
  const judged = judge(candidates, slow, fast).filter(isWorthSaying).sort(byClearness);
  const fromNs = BigInt(durations[fast] as number);
  return { slowCount: slow, fastCount: fast, fromNs, traits: withoutRepetition(judged), unjudged: undefined };
}
