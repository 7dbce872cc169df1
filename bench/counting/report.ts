// Tables of what was counted for each request.

import { table } from '../overhead/report/format.ts';
import { countsByKind, KINDS, kindOf } from './kinds.ts';
import { COUNTED, type Counts, combine, NOTHING } from './read-counts.ts';

/** Counts by function, of so many requests together. */
export interface Counted {
  readonly label: string;
  readonly byFunction: ReadonlyMap<string, Counts>;
  readonly requests: number;
}

const HEAD = [
  'instructions',
  'misses, instructions',
  'misses, data',
  'second cache, instructions',
  'second cache, data',
];

/** One row for the first of them, and what each of the others has more. */
export function totalsTable([first, ...others]: readonly [Counted, ...Counted[]]): string {
  const rows = [
    [first.label, ...cells(totalOf(first), first.requests)],
    ...others.map((each) => [
      each.label,
      ...cells(combine(totalOf(each), totalOf(first), -1), each.requests, '+'),
    ]),
  ];
  return table(['each request', ...HEAD], rows);
}

/** What `other` has more than `first`, by whose functions they are. */
export function kindsTable(first: Counted, other: Counted): string {
  const before = countsByKind(first.byFunction);
  const after = countsByKind(other.byFunction);
  const rows = KINDS.map((kind) => {
    const more = combine(after.get(kind) ?? NOTHING, before.get(kind) ?? NOTHING, -1);
    return [kind, ...cells(more, other.requests, '+')];
  });
  return table([`more with ${other.label}`, ...HEAD], rows);
}

/** The functions with most instructions more than they have in `first`; compiled by whatever compiler. */
export function functionsTable(first: Counted, other: Counted, most: number): string {
  const before = merged(first);
  const rows = [...merged(other)]
    .map(([name, counts]) => ({ name, more: combine(counts, before.get(name) ?? NOTHING, -1) }))
    .toSorted((a, b) => b.more.instructions - a.more.instructions)
    .slice(0, most)
    .map(({ name, more }) => [`\`${name}\``, ...cells(more, other.requests, '+')]);
  return table([`functions with ${other.label}`, ...HEAD], rows);
}

/** V8 marks by which compiler code was made; folders are of the machine. */
function merged({ byFunction }: Counted): Map<string, Counts> {
  const byName = new Map<string, Counts>();
  for (const [full, counts] of byFunction) {
    if (kindOf(full) === undefined) continue;
    const name = full.replace(/^JS:[*+^~]?'?/, '').replace(/ \S*\/(node_modules|middleware|bench)\//, ' ');
    byName.set(name, combine(byName.get(name) ?? NOTHING, counts));
  }
  return byName;
}

function totalOf({ byFunction }: Counted): Counts {
  return [...countsByKind(byFunction).values()].reduce((sum, each) => combine(sum, each), NOTHING);
}

function cells(counts: Counts, requests: number, plus = ''): string[] {
  return COUNTED.map((name) => {
    const value = Math.round(counts[name] / requests);
    return `${value >= 0 ? plus : ''}${value}`;
  });
}
