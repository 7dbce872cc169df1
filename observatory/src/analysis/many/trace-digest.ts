// A trace as a handful of numbers: all that is kept of it once it has been looked at.
import type { TraceAnalysis } from '../analyze-trace.ts';
import type { PathGroup } from '../bottleneck.ts';
import { Arena } from './arena.ts';
import { TraceNotes } from './trace-notes.ts';
import { type OperationEntry, TraitTable } from './trait-table.ts';

/** What a group of the critical path is called. */
export type GroupName = Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'>;

/** The numbers of one trace; groups and traits by their numbers in the {@link Digester}. */
export interface TraceDigest {
  readonly traceId: string;
  readonly durationNs: number;
  /** The groups on its path, the bottleneck first. */
  readonly groups: Uint32Array;
  /** Nanoseconds of each of `groups`. */
  readonly groupNs: Float64Array;
  /** How much of that is untraced. */
  readonly untracedNs: Float64Array;
  readonly traits: Uint32Array;
  /** Numbers of the attributes that are measured, and for each of them what was. */
  readonly measuredKeys: Uint32Array;
  readonly measured: Float64Array;
}

const MOST_GROUPS = 5_000;
/** What groups beyond the first 5 000 count as. */
const OTHERS: GroupName = { kind: 'own', service: '(others)', operation: '', peer: '' };

/** The same for all groups that belong together: an operation whose time is untraced in some traces is one group. */
export function groupKey({ kind, service, operation, peer }: GroupName): string {
  const way = kind === 'untraced' ? 'own' : kind;
  return `${way} ${service.length} ${service} ${peer.length} ${peer} ${operation}`;
}

/** Makes digests of traces, with one numbering of groups and traits for all of them. */
export class Digester {
  readonly table: TraitTable = new TraitTable();
  /** By group number. */
  readonly groups: GroupName[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #notes = new TraceNotes();
  readonly #arena = new Arena();

  /** The digest and the operations of a trace; `undefined` when it has no spans. */
  digest({
    path,
    tree,
    groups,
  }: TraceAnalysis): { digest: TraceDigest; operations: OperationEntry[] } | undefined {
    if (path.root === undefined) return undefined;
    const [notes, arena] = [this.#notes, this.#arena];
    notes.begin();
    const operations = this.table.note(tree.nodes, notes);
    const digest: TraceDigest = {
      traceId: tree.traceId,
      durationNs: Number(path.durationNs),
      groups: arena.wholeNumbers(groups.map((group) => this.#numberOf(group))),
      groupNs: arena.numbers(groups.map((group) => Number(group.selfNs))),
      untracedNs: arena.numbers(groups.map((group) => Number(group.untracedNs))),
      traits: arena.wholeNumbers(notes.traits),
      measuredKeys: arena.wholeNumbers(notes.keys),
      measured: arena.numbers(notes.values),
    };
    return { digest, operations };
  }

  #numberOf(group: GroupName): number {
    const { kind, service, operation, peer } = group;
    const key = groupKey(group);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.groups.length < MOST_GROUPS) return this.#newGroup({ kind, service, operation, peer }, key);
    return this.#numbers.get(groupKey(OTHERS)) ?? this.#newGroup(OTHERS, groupKey(OTHERS));
  }

  #newGroup(group: GroupName, key: string): number {
    const number = this.groups.push(group) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
