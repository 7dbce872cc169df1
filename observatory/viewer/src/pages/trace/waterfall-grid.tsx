// The waterfall: a tree grid whose rows are in the document only while they are in view.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useWidth } from '../../parts/use-size.ts';
import { Axis } from './axis.tsx';
import { onWaterfallKey } from './keys.ts';
import { PathSteps } from './path-steps.tsx';
import { ROW_HEIGHT, SpanRow } from './span-row.tsx';
import type { TraceModel } from './trace-model.ts';
import type { Waterfall } from './use-waterfall.ts';

const TICK_PX = 110;

export function WaterfallGrid(props: {
  readonly model: TraceModel;
  readonly waterfall: Waterfall;
}): ReactNode {
  const { model, waterfall } = props;
  const { rows, chosen, collapsed, hits, window, toggle, open } = waterfall;
  const scroller = useRef<HTMLDivElement>(null);
  const [ref, width] = useWidth();
  const virtual = useVirtualizer({
    count: rows.spans.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const hitSet = useMemo(() => new Set(hits), [hits]);
  const chosenRow = rows.rowOf[chosen] ?? 0;
  useEffect(() => {
    virtual.scrollToIndex(chosenRow, { align: 'auto' });
  }, [chosenRow]);
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const actions = useStable(toggle, open);
  return (
    <div className="waterfall" ref={ref}>
      <div
        ref={scroller}
        role="treegrid"
        tabIndex={0}
        aria-label="Spans of the trace"
        aria-rowcount={rows.spans.length + 1}
        aria-activedescendant={chosenRow >= first && chosenRow <= last ? `span-${chosen}` : undefined}
        className="scroller"
        onKeyDown={(event) => onWaterfallKey(event, waterfall, model)}
      >
        <Axis window={window} count={Math.max(2, Math.floor((width * 0.6) / TICK_PX))} />
        <div role="rowgroup" className="body" style={{ height: virtual.getTotalSize() }}>
          <PathSteps model={model} rows={rows} window={window} first={first} last={last} />
          {items.map(({ index, start }) => {
            const span = rows.spans[index] as number;
            return (
              <SpanRow
                key={span}
                model={model}
                span={span}
                row={index}
                top={start}
                window={window}
                isChosen={span === chosen}
                isHit={hitSet.has(span)}
                isCollapsed={collapsed.has(span)}
                {...actions}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

type Actions = Pick<Waterfall, 'toggle' | 'open'>;

/** The same two functions in every drawing, so that rows need not be drawn anew; they call the latest ones. */
function useStable(toggle: Actions['toggle'], open: Actions['open']): Actions {
  const latest = useRef<Actions>({ toggle, open });
  useEffect(() => {
    latest.current = { toggle, open };
  });
  return useMemo(
    () => ({
      toggle: (span: number) => latest.current.toggle(span),
      open: (span: number) => latest.current.open(span),
    }),
    [],
  );
}
