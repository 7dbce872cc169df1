// The spans of a tree as columns: 100 000 objects would be several times the bytes.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import { spansOnPath } from '../analysis/path-spans.ts';
import { KINDS, type SpanColumns } from './shapes.ts';

const STATUSES: readonly string[] = ['UNSET', 'OK', 'ERROR'];

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

/** Lists every span of the tree; times count from `originNs`. */
export function toColumns({ tree, timeline, path }: TraceAnalysis, originNs: bigint): NamedColumns {
  const services = new Dictionary();
  const names = new Dictionary();
  const onPath = new Map(spansOnPath(path).map(({ node, selfNs }) => [node.index, Number(selfNs)]));
  const { nodes } = tree;
  const starts = nodes.map(({ index }) => Number((timeline.starts[index] as bigint) - originNs));
  const spans: SpanColumns = {
    id: nodes.map(({ span }) => span.spanId),
    parent: nodes.map(({ parent }) => parent?.index ?? -1),
    service: nodes.map(({ span }) => services.numberOf(span.service)),
    name: nodes.map(({ span }) => names.numberOf(span.name)),
    kind: nodes.map(({ span }) => KINDS.indexOf(span.kind)),
    startNs: starts,
    durationNs: nodes.map(({ index }) =>
      Number((timeline.ends[index] as bigint) - (timeline.starts[index] as bigint)),
    ),
    pathNs: nodes.map(({ index }) => onPath.get(index) ?? 0),
    status: nodes.map(({ span }) => STATUSES.indexOf(span.status.code)),
  };
  return { services: services.texts, names: names.texts, spans };
}
