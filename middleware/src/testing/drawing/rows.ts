// Which spans of a trace are drawn when it has too many: the marked ones with all they hang on, then the first.

import type { TraceView, ViewNode } from '../view/trace-view.ts';

/** A span, or a number of spans in a row that are left out. */
export type Row = ViewNode | number;

/** Traces up to here are drawn whole. */
const MOST_ROWS = 40;
/** Rows of a larger trace, beside the marks and what they hang on. */
const FIRST_ROWS = 16;
const AROUND_MARK = 2;
/** Marks beyond these are counted only. */
export const MOST_MARKS = 12;

export function chooseRows(view: TraceView, marked: readonly ViewNode[]): Row[] {
  if (view.nodes.length <= MOST_ROWS) return [...view.nodes];
  const shown = new Set(view.nodes.slice(0, FIRST_ROWS));
  for (const node of marked.slice(0, MOST_MARKS)) {
    for (const near of view.nodes.slice(
      Math.max(0, node.index - AROUND_MARK),
      node.index + AROUND_MARK + 1,
    )) {
      shown.add(near);
    }
    for (const above of ancestors(node).slice(0, MOST_ROWS)) shown.add(above);
  }
  return foldHidden(view.nodes, shown);
}

function ancestors(node: ViewNode): ViewNode[] {
  const found: ViewNode[] = [];
  for (let one = node.parent; one !== undefined; one = one.parent) found.push(one);
  return found;
}

function foldHidden(nodes: readonly ViewNode[], shown: ReadonlySet<ViewNode>): Row[] {
  const rows: Row[] = [];
  for (const node of nodes) {
    const last = rows.at(-1);
    if (shown.has(node)) rows.push(node);
    else if (typeof last === 'number') rows[rows.length - 1] = last + 1;
    else rows.push(1);
  }
  return rows;
}
