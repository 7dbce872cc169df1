// The tree of a trace as flat arrays, and which of its rows are shown when some are collapsed.

/** Depth, number of children and end of the subtree of each span, by its index in the order of the tree. */
export interface FlatTree {
  readonly size: number;
  readonly depth: Int32Array;
  readonly children: Int32Array;
  /** Index after the last span of the subtree. */
  readonly end: Int32Array;
}

/** From the parents of spans in the order of the tree (-1 on a root). */
export function flatTree(parent: readonly number[]): FlatTree {
  const size = parent.length;
  const depth = new Int32Array(size);
  const children = new Int32Array(size);
  const end = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const above = parent[i] ?? -1;
    if (above === -1) continue;
    depth[i] = (depth[above] as number) + 1;
    children[above] = (children[above] as number) + 1;
  }
  for (let i = size - 1; i >= 0; i--) {
    if (end[i] === 0) end[i] = i + 1;
    const above = parent[i] ?? -1;
    if (above !== -1 && (end[above] as number) < (end[i] as number)) end[above] = end[i] as number;
  }
  return { size, depth, children, end };
}

/** The rows that are shown. */
export interface VisibleRows {
  /** Index of the span in each row. */
  readonly spans: Int32Array;
  /** Row of each span: its own, or that of the collapsed one it is hidden in. */
  readonly rowOf: Int32Array;
}

/** All spans that are not within a collapsed one. */
export function visibleRows(tree: FlatTree, collapsed: ReadonlySet<number>): VisibleRows {
  const spans = new Int32Array(tree.size);
  const rowOf = new Int32Array(tree.size);
  let rows = 0;
  for (let i = 0; i < tree.size; ) {
    const next = collapsed.has(i) ? (tree.end[i] as number) : i + 1;
    rowOf.fill(rows, i, next);
    spans[rows++] = i;
    i = next;
  }
  return { spans: spans.subarray(0, rows), rowOf };
}

/** The spans above one, from the root on. */
export function ancestorsOf(parent: readonly number[], span: number): number[] {
  const above: number[] = [];
  for (let i = parent[span] ?? -1; i !== -1; i = parent[i] ?? -1) above.push(i);
  return above.reverse();
}

/** Every span with children whose depth is at least `depth`. */
export function deeperThan(tree: FlatTree, depth: number): Set<number> {
  const found = new Set<number>();
  for (let i = 0; i < tree.size; i++) {
    if ((tree.children[i] as number) > 0 && (tree.depth[i] as number) >= depth) found.add(i);
  }
  return found;
}
