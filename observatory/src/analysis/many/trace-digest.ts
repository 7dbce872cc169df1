// A trace as a handful of numbers: all that is kept of it once it has been looked at.
import type { TraceAnalysis } from '../analyze-trace.ts';
import type { PathGroup } from '../bottleneck.ts';
import type { KeyEntry, TraitSink } from './attribute-values.ts';
import { type OperationEntry, TraitTable } from './trait-table.ts';

/** What a group of the critical path is called. */
export type GroupName = Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'>;

/** A number that an attribute with many values had. */
export interface Measure {
  readonly key: KeyEntry;
  readonly value: number;
}

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
  readonly measures: readonly Measure[];
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
  readonly #lastTrace: number[] = [];
  #trace = 0;

  /** The digest and the operations of a trace; `undefined` when it has no spans. */
  digest(analysis: TraceAnalysis): { digest: TraceDigest; operations: OperationEntry[] } | undefined {
    const { path, tree } = analysis;
    if (path.root === undefined) return undefined;
    const numbers = analysis.groups.map((group) => this.#numberOf(group));
    const traits: number[] = [];
    const measures = new Map<KeyEntry, Measure>();
    const operations = this.table.note(
      tree.nodes.map((node) => node.span),
      this.#sink(traits, measures),
    );
    const digest: TraceDigest = {
      traceId: tree.traceId,
      durationNs: Number(path.durationNs),
      groups: Uint32Array.from(numbers),
      groupNs: Float64Array.from(analysis.groups, (group) => Number(group.selfNs)),
      untracedNs: Float64Array.from(analysis.groups, (group) => Number(group.untracedNs)),
      traits: Uint32Array.from(traits),
      measures: [...measures.values()],
    };
    return { digest, operations };
  }

  #sink(traits: number[], measures: Map<KeyEntry, Measure>): TraitSink {
    this.#trace += 1;
    const [trace, lastTrace] = [this.#trace, this.#lastTrace];
    return {
      has(trait) {
        if (lastTrace[trait] === trace) return;
        lastTrace[trait] = trace;
        traits.push(trait);
      },
      measures(key, value) {
        const known = measures.get(key);
        if (known === undefined || known.value < value) measures.set(key, { key, value });
      },
    };
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
