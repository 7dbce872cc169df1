// How many of the fast and of the slow traces have each trait.
import type { KeyEntry } from './attribute-values.ts';
import type { Trait } from './route-stats.ts';
import type { TraceDigest } from './trace-digest.ts';

/** A trait, who has it among the traces in order of duration, and how many of the fast and of the slow. */
export interface Candidate {
  readonly trait: Trait;
  readonly inFast: number;
  readonly inSlow: number;
  /** 1 for each trace that has it, else 0, in order of duration. */
  readonly members: () => Uint8Array;
}

/** With fewer traces on either side of a trait, nothing can be said of it. */
const LEAST_SUPPORT = 5;
const CUTS = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

function isSupported(having: number, traces: number): boolean {
  return having >= LEAST_SUPPORT && having <= traces - LEAST_SUPPORT;
}

function membersOf(digests: readonly TraceDigest[], has: (digest: TraceDigest) => boolean): Uint8Array {
  return Uint8Array.from(digests, (digest) => Number(has(digest)));
}

function sum(bits: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) count += bits[i] as number;
  return count;
}

/** Single values, operations, errors and repetitions. */
function plainCandidates(
  digests: readonly TraceDigest[],
  fast: number,
  traits: readonly Trait[],
  dropped: ReadonlySet<number>,
): Candidate[] {
  const inFast = new Uint32Array(traits.length);
  const inSlow = new Uint32Array(traits.length);
  digests.forEach((digest, i) => {
    const counts = i < fast ? inFast : inSlow;
    for (const trait of digest.traits) counts[trait] = (counts[trait] as number) + 1;
  });
  return traits.flatMap((trait, id) => {
    const [f, s] = [inFast[id] as number, inSlow[id] as number];
    if (!isSupported(f + s, digests.length) || dropped.has(id)) return [];
    const members = (): Uint8Array => membersOf(digests, (digest) => digest.traits.includes(id));
    return [{ trait, inFast: f, inSlow: s, members }];
  });
}

/** For each attribute that is a number, the one that each trace has, NaN where it has none. */
function numberColumns(
  keys: readonly KeyEntry[],
  digests: readonly TraceDigest[],
): Map<KeyEntry, Float64Array> {
  const columns = new Map(keys.map((key) => [key, new Float64Array(digests.length).fill(Number.NaN)]));
  const byId = new Map([...columns].map(([key, column]) => [key.id, column]));
  const early = new Map<number, { column: Float64Array; value: number }>();
  for (const [key, column] of columns) {
    for (const [value, trait] of key.values) early.set(trait, { column, value: Number(value) });
  }
  const note = (column: Float64Array, i: number, value: number): void => {
    if (!((column[i] as number) >= value)) column[i] = value;
  };
  digests.forEach((digest, i) => {
    digest.measuredKeys.forEach((id, place) => {
      note(byId.get(id) as Float64Array, i, digest.measured[place] as number);
    });
    for (const trait of early.size === 0 ? [] : digest.traits) {
      const known = early.get(trait);
      if (known !== undefined) note(known.column, i, known.value);
    }
  });
  return columns;
}

/** Whole numbers from 1 000 000 000 on are times or ids. */
function areTimes(sorted: Float64Array): boolean {
  return sorted.every((value) => Number.isInteger(value) && Math.abs(value) >= 1e9);
}

/** Numbers with many values, cut where 10 % to 95 % of the traces lie below. */
function numberCandidates(key: KeyEntry, column: Float64Array, fast: number): Candidate[] {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length < 2 * LEAST_SUPPORT || areTimes(sorted)) return [];
  const cuts = new Set(CUTS.map((q) => sorted[Math.floor(q * sorted.length)] as number));
  const { service, operation, key: name } = key;
  return [...cuts].flatMap((atLeast) => {
    const members = Uint8Array.from(column, (value) => Number(value >= atLeast));
    const [inFast, inSlow] = [sum(members, 0, fast), sum(members, fast, members.length)];
    if (!isSupported(inFast + inSlow, column.length)) return [];
    const trait: Trait = { kind: 'number', service, operation, key: name, atLeast };
    return [{ trait, inFast, inSlow, members: () => members }];
  });
}

/** Values of attributes that turned out to have too many: those that came first are no traits either. */
function droppedTraits(keys: Iterable<KeyEntry>): Set<number> {
  const dropped = new Set<number>();
  for (const { state, values } of keys) {
    if (state !== 'values') for (const trait of values.values()) dropped.add(trait);
  }
  return dropped;
}

/** Without attributes that every trace with the operation has: that the operation is there says it already. */
function withoutConstants(candidates: readonly Candidate[]): Candidate[] {
  const nameOf = ({ service, operation }: Trait): string => JSON.stringify([service, operation]);
  const present = new Map<string, number>();
  for (const { trait, inFast, inSlow } of candidates) {
    if (trait.kind === 'operation') present.set(nameOf(trait), inFast + inSlow);
  }
  return candidates.filter(({ trait, inFast, inSlow }) => {
    if (trait.kind !== 'attribute' && trait.kind !== 'number') return true;
    return present.get(nameOf(trait)) !== inFast + inSlow;
  });
}

/** All traits that some of the traces have and some have not; `digests` in order of duration, the first `fast` are fast. */
export function traitCandidates(
  digests: readonly TraceDigest[],
  fast: number,
  traits: readonly Trait[],
  keys: readonly KeyEntry[],
): Candidate[] {
  const dropped = droppedTraits(keys);
  const columns = numberColumns(
    keys.filter((key) => key.state === 'numbers'),
    digests,
  );
  return withoutConstants([
    ...plainCandidates(digests, fast, traits, dropped),
    ...[...columns].flatMap(([key, column]) => numberCandidates(key, column, fast)),
  ]);
}
