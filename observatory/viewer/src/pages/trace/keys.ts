// The keys of the waterfall.
import type { KeyboardEvent } from 'react';
import type { TraceModel } from './trace-model.ts';
import type { Waterfall } from './use-waterfall.ts';

const PAGE = 20;

/** What each key does, as the help shows it. */
export const KEY_HELP: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'the span above, below (Page Up, Page Down: 20 rows; Home, End: first, last)'],
  ['→', 'expand, or go to the first child'],
  ['←', 'collapse, or go to the parent'],
  ['Enter', 'details of the span'],
  ['Esc', 'close the details or this help'],
  ['/', 'search'],
  ['n  N', 'next match, previous match'],
  ['c  C', 'next, previous span on the critical path'],
  ['+  −', 'zoom in, zoom out'],
  ['a  d', 'earlier, later'],
  ['0', 'the whole time'],
  ['?', 'this help'],
];

type Action = (waterfall: Waterfall, model: TraceModel) => void;

function moveBy(rows: number): Action {
  return (waterfall) => {
    const { rowOf, spans } = waterfall.rows;
    const row = Math.min(spans.length - 1, Math.max(0, (rowOf[waterfall.chosen] ?? 0) + rows));
    waterfall.choose(spans[row] ?? 0);
  };
}

const ACTIONS: Readonly<Record<string, Action>> = {
  ArrowUp: moveBy(-1),
  ArrowDown: moveBy(1),
  PageUp: moveBy(-PAGE),
  PageDown: moveBy(PAGE),
  Home: moveBy(Number.NEGATIVE_INFINITY),
  End: moveBy(Number.POSITIVE_INFINITY),
  ArrowRight: (waterfall, { tree }) => {
    const { chosen, collapsed } = waterfall;
    if (tree.children[chosen] === 0) return;
    if (collapsed.has(chosen)) waterfall.setCollapsed(chosen, false);
    else waterfall.choose(chosen + 1);
  },
  ArrowLeft: (waterfall, { tree, view }) => {
    const { chosen, collapsed } = waterfall;
    const parent = view.spans.parent[chosen] ?? -1;
    if ((tree.children[chosen] ?? 0) > 0 && !collapsed.has(chosen)) waterfall.setCollapsed(chosen, true);
    else if (parent !== -1) waterfall.choose(parent);
  },
  Enter: (waterfall) => waterfall.open(waterfall.chosen),
  ' ': (waterfall) => waterfall.toggle(waterfall.chosen),
  Escape: (waterfall) => waterfall.close(),
  n: (waterfall) => waterfall.nextHit(1),
  N: (waterfall) => waterfall.nextHit(-1),
  c: (waterfall) => waterfall.nextOnPath(1),
  C: (waterfall) => waterfall.nextOnPath(-1),
  '+': (waterfall) => waterfall.zoomBy(0.5),
  '=': (waterfall) => waterfall.zoomBy(0.5),
  '-': (waterfall) => waterfall.zoomBy(2),
  a: (waterfall) => waterfall.panBy(-0.25),
  d: (waterfall) => waterfall.panBy(0.25),
  '0': (waterfall, { whole }) => waterfall.show(whole),
};

/** Does what the key stands for; keys with Ctrl, Alt or Meta are the browser's. */
export function onWaterfallKey(event: KeyboardEvent, waterfall: Waterfall, model: TraceModel): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const action = ACTIONS[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action(waterfall, model);
}
