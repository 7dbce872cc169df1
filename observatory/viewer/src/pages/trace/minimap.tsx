// The whole trace in small: dragging chooses the time that the waterfall shows.
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { clampWindow, shareAt, type TimeWindow } from '../../layout/time-window.ts';
import { nsText } from '../../parts/durations.ts';
import { serviceColour } from '../../parts/service-colour.ts';
import { cleanCanvas, cssColour, useWidth } from '../../parts/use-size.ts';
import type { TraceModel } from './trace-model.ts';

const HEIGHT = 56;

function paint(canvas: HTMLCanvasElement, width: number, { view, whole }: TraceModel): void {
  const context = cleanCanvas(canvas, width, HEIGHT);
  if (context === undefined) return;
  const { spans, services } = view;
  const colours = services.map((service) => cssColour(serviceColour(service)));
  const size = spans.id.length;
  const thickness = Math.max(1, HEIGHT / size - 0.5);
  const scale = width / (whole.toNs - whole.fromNs);
  for (let i = 0; i < size; i++) {
    context.fillStyle = colours[spans.service[i] as number] ?? '';
    const x = ((spans.startNs[i] as number) - whole.fromNs) * scale;
    const length = Math.max(1, (spans.durationNs[i] as number) * scale);
    context.fillRect(x, (i / size) * HEIGHT, length, thickness);
  }
  context.fillStyle = cssColour('var(--path)');
  for (const { span, startNs, durationNs } of view.path) {
    const y = ((span + 1) / size) * HEIGHT;
    context.fillRect(
      (startNs - whole.fromNs) * scale,
      Math.min(HEIGHT - 2, y - 2),
      Math.max(1, durationNs * scale),
      2,
    );
  }
}

interface MinimapProps {
  readonly model: TraceModel;
  readonly window: TimeWindow;
  show(window: TimeWindow): void;
}

export function Minimap({ model, window, show }: MinimapProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ref, width] = useWidth();
  const [from, setFrom] = useState<number>();
  const { whole } = model;
  useEffect(() => {
    if (canvas.current !== null && width > 0) paint(canvas.current, width, model);
  }, [model, width]);
  const timeAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    return whole.fromNs + share * (whole.toNs - whole.fromNs);
  };
  const drag = (event: PointerEvent): void => {
    if (from === undefined) return;
    const to = timeAt(event);
    const isDrag = Math.abs(to - from) * width > 4 * (whole.toNs - whole.fromNs);
    if (isDrag) show(clampWindow({ fromNs: Math.min(from, to), toNs: Math.max(from, to) }, whole));
  };
  const left = shareAt(window.fromNs, whole) * 100;
  const right = shareAt(window.toNs, whole) * 100;
  return (
    <div
      className="minimap"
      role="group"
      aria-label="The whole trace in small"
      ref={ref}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(timeAt(event));
      }}
      onPointerMove={drag}
      onPointerUp={() => setFrom(undefined)}
      onPointerCancel={() => setFrom(undefined)}
      onDoubleClick={() => show(whole)}
    >
      <canvas
        ref={canvas}
        style={{ width: '100%', height: HEIGHT }}
        role="img"
        aria-label={`All ${model.view.spans.id.length} spans in ${nsText(whole.toNs - whole.fromNs)}; shown are ${nsText(window.toNs - window.fromNs)}. Drag to zoom, double-click for the whole.`}
      />
      <div className="veil" style={{ left: 0, width: `${left}%` }} />
      <div className="veil" style={{ left: `${right}%`, right: 0 }} />
    </div>
  );
}
