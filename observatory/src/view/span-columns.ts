// The spans of a tree as columns: 100 000 objects would be several times the bytes.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import type { SpanKind } from '../trace/span.ts';
import { KINDS, type SpanColumns } from './shapes.ts';

const STATUSES = { UNSET: 0, OK: 1, ERROR: 2 } as const;

const KIND_NUMBERS = Object.fromEntries(KINDS.map((kind, number) => [kind, number])) as Record<
  SpanKind,
  number
>;

/** Texts that repeat, each once, by number. */
class Dictionary {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

/** The columns, and the names that they refer to by number. */
export interface NamedColumns {
  readonly services: readonly string[];
  readonly names: readonly string[];
  readonly spans: SpanColumns;
}

/** Lists every span of the tree; times count from the root's start. */
export function toColumns({ tree, timeline, path }: TraceAnalysis): NamedColumns {
  const services = new Dictionary();
  const names = new Dictionary();
  const { nodes } = tree;
  const { startOffsets, endOffsets } = timeline;
  const pathNs = new Float64Array(nodes.length);
  for (const { node, startNs, endNs } of path.parts) {
    pathNs[node.index] = (pathNs[node.index] as number) + Number(endNs - startNs);
  }
  const spans: SpanColumns = {
    id: nodes.map(({ span }) => span.spanId),
    parent: nodes.map(({ parent }) => parent?.index ?? -1),
    service: nodes.map(({ span }) => services.numberOf(span.service)),
    name: nodes.map(({ span }) => names.numberOf(span.name)),
    kind: nodes.map(({ span }) => KIND_NUMBERS[span.kind]),
    startNs: [...startOffsets],
    durationNs: nodes.map(({ index }) => (endOffsets[index] as number) - (startOffsets[index] as number)),
    pathNs: [...pathNs],
    status: nodes.map(({ span }) => STATUSES[span.status.code]),
  };
  return { services: services.texts, names: names.texts, spans };
}
