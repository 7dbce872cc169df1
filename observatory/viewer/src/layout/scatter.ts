// Where the points of the scatter plot lie: time to the right, duration upwards on a logarithmic scale.
import type { TraceRow } from '../../../src/view/index.ts';

export interface Frame {
  readonly width: number;
  readonly height: number;
}

export interface Scatter {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

const SHORTEST_MS = 0.001;
const MARGIN = 8;

/** Positions of all rows in pixels of the frame. */
export function layoutScatter(rows: readonly TraceRow[], { width, height }: Frame): Scatter {
  let [startMs, endMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [lowMs, highMs] = [Number.POSITIVE_INFINITY, SHORTEST_MS];
  for (const row of rows) {
    startMs = Math.min(startMs, row.startMs);
    endMs = Math.max(endMs, row.startMs);
    lowMs = Math.min(lowMs, Math.max(SHORTEST_MS, row.durationMs));
    highMs = Math.max(highMs, row.durationMs);
  }
  if (rows.length === 0) [startMs, endMs, lowMs] = [0, 1, SHORTEST_MS];
  const [low, high] = [Math.log10(lowMs) - 0.1, Math.log10(highMs) + 0.1];
  const x = new Float32Array(rows.length);
  const y = new Float32Array(rows.length);
  rows.forEach((row, i) => {
    const across = endMs === startMs ? 0.5 : (row.startMs - startMs) / (endMs - startMs);
    const up = (Math.log10(Math.max(SHORTEST_MS, row.durationMs)) - low) / (high - low);
    x[i] = MARGIN + across * (width - 2 * MARGIN);
    y[i] = height - MARGIN - up * (height - 2 * MARGIN);
  });
  return { x, y, startMs, endMs, lowMs: 10 ** low, highMs: 10 ** high };
}

/** The point nearest to a place, within `reach` pixels; -1 when there is none. */
export function nearestPoint({ x, y }: Scatter, atX: number, atY: number, reach: number): number {
  let nearest = -1;
  let best = reach * reach;
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - atX;
    const dy = (y[i] as number) - atY;
    const distance = dx * dx + dy * dy;
    if (distance > best) continue;
    best = distance;
    nearest = i;
  }
  return nearest;
}

/** Times and durations between two corners of the frame. */
export function brushed(
  scatter: Scatter,
  { width, height }: Frame,
  from: { x: number; y: number },
  to: { x: number; y: number },
): { startMs: number; endMs: number; minDurationMs: number; maxDurationMs: number } {
  const time = (x: number): number => {
    const across = Math.min(1, Math.max(0, (x - MARGIN) / (width - 2 * MARGIN)));
    return scatter.startMs + across * (scatter.endMs - scatter.startMs);
  };
  const duration = (y: number): number => {
    const up = Math.min(1, Math.max(0, (height - MARGIN - y) / (height - 2 * MARGIN)));
    return 10 ** (Math.log10(scatter.lowMs) + up * (Math.log10(scatter.highMs) - Math.log10(scatter.lowMs)));
  };
  return {
    startMs: Math.floor(time(Math.min(from.x, to.x))),
    endMs: Math.ceil(time(Math.max(from.x, to.x))),
    minDurationMs: Math.floor(duration(Math.max(from.y, to.y)) * 1e3) / 1e3,
    maxDurationMs: Math.ceil(duration(Math.min(from.y, to.y)) * 1e3) / 1e3,
  };
}
