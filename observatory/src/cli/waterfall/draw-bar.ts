// The bar of a span: when it ran within the root's time, and where on it the critical path is.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import type { PartKind, PathPart } from '../../analysis/critical-path.ts';
import type { SpanNode } from '../../trace/node.ts';

export const OWN = '█';
export const NETWORK = '▒';
export const UNTRACED = '░';
export const QUEUE = '∙';
export const BESIDE = '─';
export const EARLIER = '‹';
export const LATER = '›';

interface Scale {
  readonly fromNs: bigint;
  readonly wholeNs: bigint;
  readonly columns: number;
}

type Columns = readonly [from: number, to: number];

/** The column boundary nearest to a time. */
function columnOf(timeNs: bigint, { fromNs, wholeNs, columns }: Scale): number {
  if (wholeNs === 0n) return 0;
  const column = Number((((timeNs - fromNs) * BigInt(columns) * 2n) / wholeNs + 1n) / 2n);
  return Math.max(0, Math.min(columns, column));
}

/** First and last column (exclusive) of a time: none when it is too short to be seen. */
function columnsFor(startNs: bigint, endNs: bigint, scale: Scale): Columns {
  return [columnOf(startNs, scale), columnOf(endNs, scale)];
}

function atLeastOne([from, to]: Columns, { columns }: Scale): Columns {
  if (to > from) return [from, to];
  const at = Math.min(from, columns - 1);
  return [at, at + 1];
}

function fill(cells: string[], [from, to]: Columns, glyph: string): void {
  for (let i = from; i < to; i++) cells[i] = glyph;
}

const GLYPHS: Readonly<Record<PartKind, string>> = {
  own: OWN,
  network: NETWORK,
  untraced: UNTRACED,
  queue: QUEUE,
};

function glyphOf(part: PathPart): string {
  return GLYPHS[part.kind];
}

function longestOf(parts: readonly PathPart[]): PathPart | undefined {
  const [first, ...rest] = parts;
  const longer = (a: PathPart, b: PathPart) => (b.endNs - b.startNs > a.endNs - a.startNs ? b : a);
  return first === undefined ? undefined : rest.reduce(longer, first);
}

/** Marks the pieces of the path that are wide enough to be seen, and the longest one in any case. */
function fillParts(cells: string[], parts: readonly PathPart[], scale: Scale): void {
  const longest = longestOf(parts);
  if (longest === undefined) return;
  const columns = columnsFor(longest.startNs, longest.endNs, scale);
  fill(cells, atLeastOne(columns, scale), glyphOf(longest));
  for (const part of parts) fill(cells, columnsFor(part.startNs, part.endNs, scale), glyphOf(part));
}

/** The critical path by span, for drawing. */
export type PartsByNode = ReadonlyMap<SpanNode, readonly PathPart[]>;

export function partsByNode(parts: readonly PathPart[]): PartsByNode {
  const byNode = new Map<SpanNode, PathPart[]>();
  for (const part of parts) {
    const known = byNode.get(part.node);
    if (known === undefined) byNode.set(part.node, [part]);
    else known.push(part);
  }
  return byNode;
}

/**
 * A bar of `columns` columns: `█` where the path is in the span itself, `▒` where it is on the network below it, `░` where
 * nothing in the span was traced, `∙` where its message waited in a queue,
 * `─` where the span ran and the path was elsewhere; `‹` and `›` for time before and after the root's.
 */
export function drawBar(
  node: SpanNode,
  analysis: TraceAnalysis,
  parts: PartsByNode,
  columns: number,
): string {
  const { path, timeline } = analysis;
  const scale: Scale = { fromNs: path.startNs, wholeNs: path.durationNs, columns };
  const startNs = timeline.starts[node.index] as bigint;
  const endNs = timeline.ends[node.index] as bigint;
  const cells = Array<string>(columns).fill(' ');
  fill(cells, atLeastOne(columnsFor(startNs, endNs, scale), scale), BESIDE);
  if (startNs < path.startNs) cells[0] = EARLIER;
  if (endNs > path.startNs + path.durationNs) cells[columns - 1] = LATER;
  fillParts(cells, parts.get(node) ?? [], scale);
  return cells.join('');
}
