// Which spans of a trace are drawn when it has too many: the marked ones with all they hang on, then the first.

import type { TraceView, ViewNode } from '../view/trace-view.ts';

/** A span, or a number of spans in a row that are left out. */
export type Row = ViewNode | number;

const MOST_ROWS = 40;
/** Marks beyond these are counted only. */
export const MOST_MARKS = 12;

export function chooseRows(view: TraceView, marked: readonly ViewNode[]): Row[] {
  const shown = new Set<ViewNode>();
  for (const node of marked.slice(0, MOST_MARKS)) {
    for (let one: ViewNode | undefined = node; one !== undefined && shown.size < MOST_ROWS; one = one.parent)
      shown.add(one);
  }
  for (const node of view.nodes) {
    if (shown.size >= MOST_ROWS) break;
    shown.add(node);
  }
  return foldHidden(view.nodes, shown);
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
