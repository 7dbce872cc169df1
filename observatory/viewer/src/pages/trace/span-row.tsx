// One row of the waterfall: the span's place in the tree, its bar, and its part of the critical path.
import { memo, type ReactNode } from 'react';
import { shareAt, type TimeWindow } from '../../layout/time-window.ts';
import { nsText } from '../../parts/durations.ts';
import { serviceStyle } from '../../parts/service-colour.ts';
import { shown } from '../../parts/shown.ts';
import { labelOf, MARK_TEXTS, type TraceModel } from './trace-model.ts';

export const ROW_HEIGHT = 26;
const INDENT = 12;
const MAX_INDENT = 20;
const ERROR = 2;
const MAX_PIECES = 200;

interface SpanRowProps {
  readonly model: TraceModel;
  readonly span: number;
  readonly row: number;
  readonly top: number;
  readonly window: TimeWindow;
  readonly isChosen: boolean;
  readonly isHit: boolean;
  readonly isCollapsed: boolean;
  toggle(span: number): void;
  open(span: number): void;
}

function place(startNs: number, durationNs: number, window: TimeWindow): { left: string; width: string } {
  const from = Math.max(0, shareAt(startNs, window));
  const to = Math.min(1, shareAt(startNs + durationNs, window));
  return { left: `${from * 100}%`, width: `max(2px, ${Math.max(0, to - from) * 100}%)` };
}

function isWithin(startNs: number, durationNs: number, { fromNs, toNs }: TimeWindow): boolean {
  return startNs <= toNs && startNs + durationNs >= fromNs;
}

function Pieces({ model, span, window }: Pick<SpanRowProps, 'model' | 'span' | 'window'>): ReactNode {
  const { pieces, view } = model;
  const [from, to] = [pieces.from[span] as number, pieces.from[span + 1] as number];
  const drawn: ReactNode[] = [];
  for (let i = from; i < to && drawn.length < MAX_PIECES; i++) {
    const piece = view.path[pieces.order[i] as number];
    if (piece === undefined || !isWithin(piece.startNs, piece.durationNs, window)) continue;
    drawn.push(
      <span
        key={i}
        className={`piece ${piece.kind}`}
        style={place(piece.startNs, piece.durationNs, window)}
      />,
    );
  }
  return drawn;
}

function Bar({ model, span, window }: Pick<SpanRowProps, 'model' | 'span' | 'window'>): ReactNode {
  const { spans } = model.view;
  const startNs = spans.startNs[span] as number;
  const durationNs = spans.durationNs[span] as number;
  if (!isWithin(startNs, durationNs, window)) {
    return <span className={startNs > window.toNs ? 'away later' : 'away earlier'} aria-hidden="true" />;
  }
  const isBroken = model.marks.get(span)?.some((code) => code !== 'clock-skew') === true;
  const end = shareAt(startNs + durationNs, window);
  const label =
    end > 0.8 ? { right: `${Math.max(0, 1 - shareAt(startNs, window)) * 100}%` } : { left: `${end * 100}%` };
  const isInside = end > 0.8 && shareAt(startNs, window) < 0.15;
  const inside = { right: `calc(${Math.max(0, 1 - end) * 100}% + 4px)` };
  return (
    <>
      <span className={`bar-of${isBroken ? ' broken' : ''}`} style={place(startNs, durationNs, window)} />
      <Pieces model={model} span={span} window={window} />
      <span className={isInside ? 'time inside' : 'time'} style={isInside ? inside : label}>
        {nsText(durationNs)}
      </span>
    </>
  );
}

function Twisty({
  model,
  span,
  isCollapsed,
  toggle,
}: Omit<SpanRowProps, 'row' | 'top' | 'window'>): ReactNode {
  const children = model.tree.children[span] as number;
  if (children === 0) return <span className="twisty" />;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="twisty"
      aria-label={isCollapsed ? 'Expand' : 'Collapse'}
      onClick={(event) => {
        event.stopPropagation();
        toggle(span);
      }}
    >
      {isCollapsed ? '▸' : '▾'}
    </button>
  );
}

/** What is wrong with the span itself, as far as the trace shows. */
function Marks({ codes }: { readonly codes: readonly string[] | undefined }): ReactNode {
  return codes?.map((code) => (
    <span key={code} className="warn-mark" title={code}>
      <span aria-hidden="true">⚠ </span>
      <span>{MARK_TEXTS[code] ?? code}</span>
    </span>
  ));
}

/** Drawn anew only when something of its own changes: scrolling moves rows, it does not draw them. */
export const SpanRow = memo(function SpanRow(props: SpanRowProps): ReactNode {
  const { model, span, row, top, window, isChosen, isHit, isCollapsed, open } = props;
  const { view, tree } = model;
  const { service, name } = labelOf(view, span);
  const depth = tree.depth[span] as number;
  const hidden = (tree.end[span] as number) - span - 1;
  const isOnPath = (view.spans.pathNs[span] as number) > 0;
  const isError = view.spans.status[span] === ERROR;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles keys for the chosen row
    <div
      role="row"
      id={`span-${span}`}
      aria-level={depth + 1}
      aria-rowindex={row + 2}
      aria-selected={isChosen}
      aria-expanded={tree.children[span] === 0 ? undefined : !isCollapsed}
      className={`span-row${isChosen ? ' chosen' : ''}${isHit ? ' hit' : ''}${isOnPath ? ' on-path' : ''}`}
      style={serviceStyle(service, { transform: `translateY(${top}px)`, height: ROW_HEIGHT })}
      onClick={() => open(span)}
    >
      <div role="gridcell" className="name" style={{ paddingLeft: Math.min(depth, MAX_INDENT) * INDENT }}>
        <Twisty {...props} />
        <span className="swatch" aria-hidden="true" />
        <span className="label">
          <strong>
            <bdi>{shown(service, 40)}</bdi>
          </strong>{' '}
          <bdi>{shown(name)}</bdi>
          {isCollapsed ? <span className="quiet"> +{hidden}</span> : null}
        </span>
        <Marks codes={model.marks.get(span)} />
        {isError ? <span className="error-mark">× failed</span> : null}
        {isOnPath ? <span className="hidden">on the critical path</span> : null}
      </div>
      <div role="gridcell" className="track">
        <Bar model={model} span={span} window={window} />
      </div>
    </div>
  );
});
