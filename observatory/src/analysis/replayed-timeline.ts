// When each span of a trace would have run in a replay.
import type { TraceTree } from '../trace/tree.ts';
import type { Awaited } from './awaited.ts';
import type { Replay } from './replay.ts';
import type { Timeline } from './timeline.ts';

/** The timeline of a replay, whole nanoseconds; spans that did not move keep their times exactly. */
export function replayedTimeline(
  tree: TraceTree,
  before: Timeline,
  awaited: Awaited,
  replay: Replay,
): Timeline {
  const startOffsets = before.startOffsets.slice();
  const endOffsets = before.endOffsets.slice();
  for (const { index, parent } of tree.nodes) {
    const start = before.startOffsets[index] as number;
    if (parent !== undefined) {
      const parentStart = before.startOffsets[parent.index] as number;
      const newParentStart = startOffsets[parent.index] as number;
      const early = Math.max(0, parentStart - start);
      if (awaited[index] === 1)
        startOffsets[index] = newParentStart + (replay.starts[index] as number) - early;
      else
        startOffsets[index] = newParentStart + movedWith(start - parentStart, parent.index, before, replay);
    }
    endOffsets[index] = (startOffsets[index] as number) + (replay.lengths[index] as number);
  }
  return rounded(tree, before, startOffsets, endOffsets);
}

/** Where a span that nobody waited for starts: as long after its parent's start as before, or after its end. */
function movedWith(offset: number, parent: number, before: Timeline, { lengths }: Replay): number {
  const length = (before.endOffsets[parent] as number) - (before.startOffsets[parent] as number);
  const newLength = lengths[parent] as number;
  return offset <= length ? Math.min(offset, newLength) : newLength + offset - length;
}

function rounded(
  tree: TraceTree,
  before: Timeline,
  startOffsets: Float64Array,
  endOffsets: Float64Array,
): Timeline {
  const baseNs = tree.root?.span.startNs ?? 0n;
  const round = (offsets: Float64Array, old: Float64Array, exact: readonly bigint[]): bigint[] => {
    return tree.nodes.map(({ index }) => {
      offsets[index] = Math.round(offsets[index] as number);
      const moved = offsets[index] as number;
      return moved === old[index] ? (exact[index] as bigint) : baseNs + BigInt(moved);
    });
  };
  const starts = round(startOffsets, before.startOffsets, before.starts);
  const ends = round(endOffsets, before.endOffsets, before.ends);
  return { starts, ends, startOffsets, endOffsets, warnings: before.warnings };
}

/** Of the spans that were waited for those that still take time within their parent. */
export function awaitedStill(
  { nodes }: TraceTree,
  awaited: Awaited,
  { startOffsets, endOffsets }: Timeline,
): Awaited {
  const still = awaited.slice();
  for (const { index, parent } of nodes) {
    if (parent === undefined) continue;
    const start = Math.max(startOffsets[index] as number, startOffsets[parent.index] as number);
    const end = Math.min(endOffsets[index] as number, endOffsets[parent.index] as number);
    if (start >= end) still[index] = 0;
  }
  return still;
}
