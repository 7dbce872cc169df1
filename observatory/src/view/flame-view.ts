// A flame graph in plain numbers, its rectangles placed: parents before the frames that stand on them.
import type { Flame, Frame } from '../analysis/flame/index.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import type { FlameView, FrameView } from './set-shapes.ts';

/** Frames that are sent; of more, the largest. */
const MAX_FRAMES = 5_000;

interface Placed {
  readonly frame: Frame;
  readonly parent: number;
  readonly depth: number;
  readonly startNs: bigint;
}

/** Every frame with its place, level by level. */
function placeFrames({ roots }: Flame): Placed[] {
  const placed: Placed[] = [];
  let startNs = 0n;
  for (const frame of roots) {
    placed.push({ frame, parent: -1, depth: 0, startNs });
    startNs += frame.totalNs;
  }
  for (let i = 0; i < placed.length && placed.length < MAX_FRAMES; i++) {
    const { frame, depth, startNs: from } = placed[i] as Placed;
    let next = from;
    for (const child of frame.children) {
      placed.push({ frame: child, parent: i, depth: depth + 1, startNs: next });
      next += child.totalNs;
    }
  }
  return placed.slice(0, MAX_FRAMES);
}

function toFrameView({ frame, parent, depth, startNs }: Placed): FrameView {
  const { service, operation, kind, peer, totalNs, selfNs } = frame;
  return {
    service,
    operation,
    kind,
    peer,
    parent,
    depth,
    startMs: nsToMs(startNs),
    totalMs: nsToMs(totalNs),
    selfMs: nsToMs(selfNs),
  };
}

export function toFlameView(flame: Flame): FlameView {
  return {
    traces: flame.traces,
    totalMs: nsToMs(flame.totalNs),
    frames: placeFrames(flame).map(toFrameView),
  };
}
