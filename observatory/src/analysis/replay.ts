// Replays a trace with some spans changed: what started after what is read off the recorded order, and kept.
//
//   parent  |=======================|      C started after A and B had ended, 2 columns after the later one: it
//   A        =====                         still does when A or B end earlier or later. D started while B ran: it
//   B         ==========                   waits for A alone. What the parent did between and after its children
//   C                     =====            takes as long as it took.
//   D               ====
import type { SpanNode } from '../trace/node.ts';
import type { TraceTree } from '../trace/tree.ts';
import { type Awaited, allowanceOf } from './awaited.ts';
import { foldedOf } from './folded.ts';
import { isCall, type Timeline } from './timeline.ts';

/** What is different in the replay, by the index of a node. */
export interface Edit {
  /** How many times as long a span takes, with everything below it; 1 unless it is changed. */
  readonly factors: Float64Array;
  /** 1 for spans that do not happen, and none below them. */
  readonly removed: Uint8Array;
  /** 1 for spans that start beside the other ones of their parent that are marked, not after them. */
  readonly beside: Uint8Array;
}

/** How long each span takes in the replay, and when it starts within its parent, nanoseconds. */
export interface Replay {
  readonly lengths: Float64Array;
  /** From the new start of the parent; only of spans that their parent waited for. */
  readonly starts: Float64Array;
}

/** A child its parent waited for, in nanoseconds from the parent's start, cut to the parent. */
interface Step {
  readonly start: number;
  readonly end: number;
  /** From when on it counts as ended for spans that start: always after its own start. */
  readonly endedFrom: number;
  readonly isBeside: boolean;
  /** How long the replay takes for what lies between `start` and `end`. */
  readonly newLength: number;
  newStart: number;
}

const MS = 1_000_000;
/** Of spans that still ran a little when another one started, as many as this are taken to have been waited for. */
const MOST_OVERLAPPING = 32;

/** The part up to `cut` of something that took `before` and takes `after` now. */
function cutTo(cut: number, before: number, after: number): number {
  return after <= before ? Math.min(after, cut) : cut + after - before;
}

function lengthOf({ index }: SpanNode, { startOffsets, endOffsets }: Timeline): number {
  return (endOffsets[index] as number) - (startOffsets[index] as number);
}

/** A span whose children are unknown takes as long as before; a run of folded spans side by side as long as its longest. */
function leafLength(node: SpanNode, length: number, edit: Edit): number {
  const folded = edit.beside[node.index] === 1 ? foldedOf(node.span) : undefined;
  if (folded === undefined) return length;
  return Math.max(0, length - folded.totalMs * MS) + Math.min(length, folded.maxMs * MS);
}

function stepOf(parent: SpanNode, child: SpanNode, timeline: Timeline, edit: Edit, newLength: number): Step {
  const { startOffsets, endOffsets } = timeline;
  const parentStart = startOffsets[parent.index] as number;
  const parentLength = lengthOf(parent, timeline);
  const length = lengthOf(child, timeline);
  const start = Math.max(0, (startOffsets[child.index] as number) - parentStart);
  const ownEnd = (endOffsets[child.index] as number) - parentStart;
  const end = Math.min(ownEnd, parentLength);
  const gaveUp = isCall(parent, child) && ownEnd > parentLength + allowanceOf(length);
  const known = cutTo(end - start, length, newLength);
  return {
    start,
    end,
    endedFrom: end - allowanceOf(end - start),
    isBeside: edit.beside[child.index] === 1,
    newLength: gaveUp ? Math.min(known, end - start) : known,
    newStart: 0,
  };
}

/** When the steps that a step waited for have ended, in the recording and in the replay. */
class Ready {
  readonly #byEnd: readonly Step[];
  readonly #byEnded: readonly Step[];
  #settled = 0;
  #entered = 0;
  #overlapping: Step[] = [];
  #before = 0;
  #after = 0;
  /** As `#after`, for steps that start beside others: those count from their start. */
  #afterBeside = 0;

  constructor(steps: readonly Step[]) {
    this.#byEnd = steps.toSorted((a, b) => a.end - b.end);
    this.#byEnded = steps.toSorted((a, b) => a.endedFrom - b.endedFrom);
  }

  #settle(start: number): void {
    for (let step = this.#byEnd[this.#settled]; step !== undefined; step = this.#byEnd[this.#settled]) {
      if (step.end > start) return;
      this.#settled += 1;
      this.#before = Math.max(this.#before, step.end);
      const after = step.newStart + step.newLength;
      this.#after = Math.max(this.#after, after);
      this.#afterBeside = Math.max(this.#afterBeside, step.isBeside ? step.newStart : after);
    }
  }

  #overlap(start: number): void {
    for (let step = this.#byEnded[this.#entered]; step !== undefined; step = this.#byEnded[this.#entered]) {
      if (step.endedFrom > start) break;
      this.#entered += 1;
      if (step.end > start) this.#overlapping.push(step);
    }
    if (this.#overlapping.length === 0) return;
    const still = this.#overlapping.filter((step) => step.end > start);
    this.#overlapping = still.sort((a, b) => b.end - a.end).slice(0, MOST_OVERLAPPING);
  }

  /** When `step`, which must come in order of start, starts in the replay. */
  startOf(step: Step): number {
    this.#settle(step.start);
    this.#overlap(step.start);
    let [before, after] = [this.#before, step.isBeside ? this.#afterBeside : this.#after];
    for (const other of this.#overlapping) {
      before = step.start;
      const cut = cutTo(step.start - other.start, other.end - other.start, other.newLength);
      const passed = step.isBeside && other.isBeside ? 0 : cut;
      after = Math.max(after, other.newStart + passed);
    }
    return after + step.start - before;
  }
}

/** Replays one span, whose children have been replayed. */
function replaySpan(
  node: SpanNode,
  timeline: Timeline,
  awaited: Awaited,
  edit: Edit,
  replay: Replay,
): number {
  const length = lengthOf(node, timeline);
  const factor = edit.factors[node.index] as number;
  if (edit.removed[node.index] === 1) return 0;
  const children = node.children.filter((child) => awaited[child.index] === 1);
  const steps = children.map((child) => {
    return { child, step: stepOf(node, child, timeline, edit, replay.lengths[child.index] as number) };
  });
  if (factor !== 1) {
    for (const { child, step } of steps) replay.starts[child.index] = step.start * factor;
    return length * factor;
  }
  if (steps.length === 0) return leafLength(node, length, edit);
  steps.sort((a, b) => a.step.start - b.step.start);
  const ready = new Ready(steps.map(({ step }) => step));
  let [end, newEnd] = [0, 0];
  for (const { child, step } of steps) {
    step.newStart = ready.startOf(step);
    replay.starts[child.index] = step.newStart;
    end = Math.max(end, step.end);
    newEnd = Math.max(newEnd, step.newStart + step.newLength);
  }
  return newEnd + length - end;
}

/** How long every span takes and when it starts within its parent, with what is different. */
export function replayTree(tree: TraceTree, timeline: Timeline, awaited: Awaited, edit: Edit): Replay {
  const count = tree.nodes.length;
  const replay: Replay = { lengths: new Float64Array(count), starts: new Float64Array(count) };
  for (let i = count - 1; i >= 0; i--) {
    replay.lengths[i] = replaySpan(tree.nodes[i] as SpanNode, timeline, awaited, edit, replay);
  }
  return replay;
}
