// The duration of each trace over time: click opens one, dragging chooses a part. The list below has the numbers.
import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { TraceRow } from '../../../../src/view/index.ts';
import { brushed, layoutScatter, nearestPoint } from '../../layout/scatter.ts';
import { msText, timeText } from '../../parts/durations.ts';
import { serviceColour } from '../../parts/service-colour.ts';
import { cleanCanvas, cssColour, useWidth } from '../../parts/use-size.ts';
import { goTo, usePlace, withQuery } from '../../routing/location.ts';

const HEIGHT = 120;
const REACH = 14;
const DRAG = 6;

interface Spot {
  readonly x: number;
  readonly y: number;
}

function spotOf(event: PointerEvent): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function paint(canvas: HTMLCanvasElement, width: number, rows: readonly TraceRow[]): void {
  const context = cleanCanvas(canvas, width, HEIGHT);
  if (context === undefined) return;
  const { x, y } = layoutScatter(rows, { width, height: HEIGHT });
  const bad = cssColour('var(--bad)');
  const colours = new Map<string, string>();
  rows.forEach(({ service, errors }, i) => {
    if (!colours.has(service)) colours.set(service, cssColour(serviceColour(service)));
    const [px, py] = [x[i] as number, y[i] as number];
    context.beginPath();
    if (errors > 0) {
      context.strokeStyle = bad;
      context.lineWidth = 2;
      context.moveTo(px - 4, py - 4);
      context.lineTo(px + 4, py + 4);
      context.moveTo(px + 4, py - 4);
      context.lineTo(px - 4, py + 4);
      context.stroke();
      return;
    }
    context.fillStyle = colours.get(service) ?? bad;
    context.arc(px, py, 3.5, 0, 7);
    context.fill();
  });
}

export function ScatterPlot({ rows }: { readonly rows: readonly TraceRow[] }): ReactNode {
  const place = usePlace();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ref, width] = useWidth();
  const [from, setFrom] = useState<Spot>();
  const [to, setTo] = useState<Spot>();
  const scatter = useMemo(() => layoutScatter(rows, { width, height: HEIGHT }), [rows, width]);
  useEffect(() => {
    if (canvas.current !== null && width > 0) paint(canvas.current, width, rows);
  }, [rows, width]);

  const near = from === undefined && to !== undefined ? nearestPoint(scatter, to.x, to.y, REACH) : -1;
  const row = rows[near];
  const release = (event: PointerEvent): void => {
    const end = spotOf(event);
    const start = from ?? end;
    setFrom(undefined);
    if (Math.hypot(end.x - start.x, end.y - start.y) < DRAG) {
      const hit = rows[nearestPoint(scatter, end.x, end.y, REACH)];
      if (hit !== undefined) goTo(`/trace/${hit.traceId}`);
      return;
    }
    const part = brushed(scatter, { width, height: HEIGHT }, start, end);
    goTo(
      withQuery(place, Object.fromEntries(Object.entries(part).map(([key, value]) => [key, String(value)]))),
    );
  };
  return (
    <figure className="scatter" ref={ref}>
      <canvas
        ref={canvas}
        style={{ width: '100%', height: HEIGHT }}
        role="img"
        aria-label={`Durations of ${rows.length} traces from ${msText(scatter.lowMs)} to ${msText(scatter.highMs)} over time; the list below has them as numbers.`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(spotOf(event));
        }}
        onPointerMove={(event) => setTo(spotOf(event))}
        onPointerLeave={() => setTo(undefined)}
        onPointerCancel={() => setFrom(undefined)}
        onPointerUp={release}
      />
      {from !== undefined && to !== undefined ? (
        <div
          className="brush"
          style={{
            left: Math.min(from.x, to.x),
            top: Math.min(from.y, to.y),
            width: Math.abs(to.x - from.x),
            height: Math.abs(to.y - from.y),
          }}
        />
      ) : null}
      <figcaption className="quiet">
        {row === undefined
          ? `${msText(scatter.lowMs)} to ${msText(scatter.highMs)}, logarithmic. Click a point to open it, drag to choose a part; × has errors.`
          : `${row.service} · ${row.operation}, ${msText(row.durationMs)}, ${timeText(row.startMs, Date.now())}`}
      </figcaption>
    </figure>
  );
}
