// The state of the waterfall: which span is chosen, what is collapsed, the time that is shown, the search.
import { useMemo, useState } from 'react';
import { ancestorsOf, deeperThan, type VisibleRows, visibleRows } from '../../layout/flat-tree.ts';
import { searchSpans } from '../../layout/search.ts';
import { pan, type TimeWindow, zoom } from '../../layout/time-window.ts';
import type { TraceModel } from './trace-model.ts';

export interface Waterfall {
  readonly rows: VisibleRows;
  readonly collapsed: ReadonlySet<number>;
  /** The chosen span; its details are shown when `isOpen`. */
  readonly chosen: number;
  readonly isOpen: boolean;
  readonly window: TimeWindow;
  readonly text: string;
  /** Spans that match the search, in the order of the tree. */
  readonly hits: readonly number[];
  choose(span: number): void;
  open(span: number): void;
  close(): void;
  toggle(span: number): void;
  setCollapsed(span: number, isCollapsed: boolean): void;
  collapseTo(depth: number): void;
  show(window: TimeWindow): void;
  zoomBy(factor: number): void;
  panBy(share: number): void;
  search(text: string): void;
  /** Goes to the next match, or to the one before. */
  nextHit(direction: 1 | -1): void;
  /** Goes to the next span on the critical path in time. */
  nextOnPath(direction: 1 | -1): void;
}

/** The member of a sorted list after a value (or before it), around the end. */
export function neighbour(sorted: readonly number[], value: number, direction: 1 | -1): number | undefined {
  if (direction === 1) return sorted.find((one) => one > value) ?? sorted[0];
  return sorted.findLast((one) => one < value) ?? sorted.at(-1);
}

/** The span of the piece of the path after the chosen span's last one (or before its first). */
export function alongPath(
  path: readonly { span: number }[],
  chosen: number,
  direction: 1 | -1,
): number | undefined {
  const isChosen = ({ span }: { span: number }): boolean => span === chosen;
  const at = direction === 1 ? path.findLastIndex(isChosen) : path.findIndex(isChosen);
  if (at === -1) return direction === 1 ? path[0]?.span : path.at(-1)?.span;
  return path[(at + direction + path.length) % path.length]?.span;
}

export function useWaterfall(model: TraceModel, firstSpan: number): Waterfall {
  const { view, tree, whole } = model;
  const [collapsed, setCollapsedSet] = useState<ReadonlySet<number>>(new Set());
  const [chosen, setChosen] = useState(Math.max(0, firstSpan));
  const [isOpen, setOpen] = useState(firstSpan >= 0);
  const [window, setWindow] = useState<TimeWindow>(whole);
  const [text, setText] = useState('');
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const hits = useMemo(() => searchSpans(view, text), [view, text]);

  /** Opens everything above a span, so that its row is there. */
  const reveal = (span: number): void => {
    const above = ancestorsOf(view.spans.parent, span);
    if (above.some((one) => collapsed.has(one))) {
      const next = new Set(collapsed);
      for (const one of above) next.delete(one);
      setCollapsedSet(next);
    }
    setChosen(span);
  };
  const setCollapsed = (span: number, isCollapsed: boolean): void => {
    if (tree.children[span] === 0 || collapsed.has(span) === isCollapsed) return;
    const next = new Set(collapsed);
    if (isCollapsed) next.add(span);
    else next.delete(span);
    setCollapsedSet(next);
  };
  const middle = (window.fromNs + window.toNs) / 2;
  const goTo = (span: number | undefined): void => {
    if (span !== undefined) reveal(span);
  };
  return {
    rows,
    collapsed,
    chosen,
    isOpen,
    window,
    text,
    hits,
    choose: reveal,
    open: (span) => {
      reveal(span);
      setOpen(true);
    },
    close: () => setOpen(false),
    toggle: (span) => setCollapsed(span, !collapsed.has(span)),
    setCollapsed,
    collapseTo: (depth) => setCollapsedSet(deeperThan(tree, depth)),
    show: setWindow,
    zoomBy: (factor) => setWindow(zoom(window, whole, factor, middle)),
    panBy: (share) => setWindow(pan(window, whole, share)),
    search: setText,
    nextHit: (direction) => goTo(neighbour(hits, chosen, direction)),
    nextOnPath: (direction) => goTo(alongPath(view.path, chosen, direction)),
  };
}
