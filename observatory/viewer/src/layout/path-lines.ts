// The critical path as lines: a piece in the row of each span on it, and a step where it goes on in another row.
import type { PathView } from '../../../src/view/index.ts';
import type { VisibleRows } from './flat-tree.ts';

/** The pieces of the path by span: those of span `i` are `order[from[i]]` to `order[from[i + 1] - 1]`. */
export interface PathPieces {
  readonly from: Int32Array;
  readonly order: Int32Array;
}

export function piecesBySpan(path: readonly PathView[], spans: number): PathPieces {
  const from = new Int32Array(spans + 1);
  for (const { span } of path) from[span + 1] = (from[span + 1] as number) + 1;
  for (let i = 0; i < spans; i++) from[i + 1] = (from[i + 1] as number) + (from[i] as number);
  const next = from.slice();
  const order = new Int32Array(path.length);
  path.forEach(({ span }, piece) => {
    const at = next[span] as number;
    order[at] = piece;
    next[span] = at + 1;
  });
  return { from, order };
}

/** A vertical line at a time between two rows. */
export interface Step {
  readonly timeNs: number;
  readonly fromRow: number;
  readonly toRow: number;
}

/** The steps of the path that cross the rows from `first` to `last` within a span of time; at most `limit`. */
export function stepsWithin(
  path: readonly PathView[],
  { rowOf }: VisibleRows,
  window: { first: number; last: number; fromNs: number; toNs: number; limit: number },
): Step[] {
  const steps: Step[] = [];
  for (let i = 1; i < path.length && steps.length < window.limit; i++) {
    const [before, after] = [path[i - 1] as PathView, path[i] as PathView];
    const timeNs = after.startNs;
    if (timeNs < window.fromNs || timeNs > window.toNs) continue;
    const a = rowOf[before.span] as number;
    const b = rowOf[after.span] as number;
    const [fromRow, toRow] = a < b ? [a, b] : [b, a];
    if (fromRow === toRow || toRow < window.first || fromRow > window.last) continue;
    steps.push({ timeNs, fromRow, toRow });
  }
  return steps;
}
