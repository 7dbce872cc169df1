// Which frames of a flame graph are drawn, and where, when it is zoomed to one of them.
import type { FrameView } from '../../../src/view/index.ts';

/** A rectangle; `left` and `width` from 0 to 1. */
export interface FlameRect {
  readonly frame: number;
  readonly depth: number;
  readonly left: number;
  readonly width: number;
}

/** Narrower frames cannot be seen. */
const NARROWEST = 0.0008;

/** The frame, the ones it stands on (over the whole width) and the ones on it; with -1 all of them. */
export function layoutFlame(frames: readonly FrameView[], totalMs: number, zoomed: number): FlameRect[] {
  const base = frames[zoomed];
  const [fromMs, lengthMs] = [base?.startMs ?? 0, Math.max(1e-9, base?.totalMs ?? totalMs)];
  const below = new Set<number>();
  for (let i = base?.parent ?? -1; i !== -1; i = frames[i]?.parent ?? -1) below.add(i);
  const rects: FlameRect[] = [];
  frames.forEach(({ startMs, totalMs: length, depth }, frame) => {
    if (below.has(frame)) rects.push({ frame, depth, left: 0, width: 1 });
    else if (
      base === undefined ||
      (depth >= base.depth && startMs >= fromMs && startMs < fromMs + lengthMs)
    ) {
      const width = length / lengthMs;
      if (width >= NARROWEST) rects.push({ frame, depth, left: (startMs - fromMs) / lengthMs, width });
    }
  });
  return rects;
}
