// Merges the critical paths of one or many traces into one flame graph.
import type { SpanNode } from '../../trace/node.ts';
import type { TraceAnalysis } from '../analyze-trace.ts';
import type { CriticalPath, PathPart } from '../critical-path.ts';
import type { Flame, Frame } from './frame.ts';

/** Spans deeper than this count for the frame at this depth. */
const MOST_DEEP = 100;
const MOST_FRAMES = 20_000;

type FrameName = Pick<Frame, 'service' | 'operation' | 'kind' | 'peer'>;

/** What frames beyond the first 20 000 count as. */
const OTHERS: FrameName = { service: '(others)', operation: '', kind: 'own', peer: '' };

interface GrowingFrame extends FrameName {
  readonly depth: number;
  /** Whether it stands for frames that are not told apart. */
  readonly isRest: boolean;
  readonly children: Map<string, GrowingFrame>;
  selfNs: bigint;
}

function newFrame(name: FrameName, depth: number): GrowingFrame {
  return { ...name, depth, isRest: name === OTHERS, children: new Map(), selfNs: 0n };
}

function finishFrame({ children, depth: _depth, isRest: _isRest, ...frame }: GrowingFrame): Frame {
  const names = [...children.keys()].sort();
  const finished = names.map((name) => finishFrame(children.get(name) as GrowingFrame));
  const totalNs = finished.reduce((sum, child) => sum + child.totalNs, frame.selfNs);
  return { ...frame, totalNs, children: finished };
}

/** A flame graph in the making. */
export interface FlameBuilder {
  /** Takes in the critical path of one trace, or of one root of it. */
  add(analysis: Pick<TraceAnalysis, 'path'>): void;
  /** The graph so far. More can be added afterwards. */
  finish(): Flame;
}

class Growing implements FlameBuilder {
  readonly #base = newFrame({ ...OTHERS }, -1);
  #frames = 0;
  #traces = 0;

  add({ path }: Pick<TraceAnalysis, 'path'>): void {
    if (path.root === undefined) return;
    this.#traces += 1;
    const known = new Map<SpanNode, GrowingFrame>();
    for (const part of path.parts) {
      const frame = this.#frameOf(part.node, path, known);
      this.#leafOf(frame, part).selfNs += part.endNs - part.startNs;
    }
  }

  finish(): Flame {
    const { children, totalNs } = finishFrame(this.#base);
    return { traces: this.#traces, totalNs, roots: children };
  }

  #childOf(parent: GrowingFrame, name: FrameName): GrowingFrame {
    const { service, kind, peer, operation } = name;
    const key = `${service}\n${operation}\n${kind} ${peer} ${service.length} ${operation.length}`;
    const known = parent.children.get(key);
    if (known !== undefined || parent.depth + 1 >= MOST_DEEP || parent.isRest) return known ?? parent;
    if (this.#frames >= MOST_FRAMES && name !== OTHERS) return this.#childOf(parent, OTHERS);
    this.#frames += 1;
    const child = newFrame(name, parent.depth + 1);
    parent.children.set(key, child);
    return child;
  }

  /** Work of the span itself belongs to its frame, any other kind of time to a frame on it. */
  #leafOf(frame: GrowingFrame, { kind, peer }: PathPart): GrowingFrame {
    if (kind === 'own' || frame.isRest) return frame;
    const { service, operation } = frame;
    return this.#childOf(frame, { service, operation, kind, peer });
  }

  #frameOf(node: SpanNode, path: CriticalPath, known: Map<SpanNode, GrowingFrame>): GrowingFrame {
    const missing: SpanNode[] = [];
    let at: SpanNode | undefined = node;
    for (; at !== undefined && !known.has(at); at = at === path.root ? undefined : at.parent)
      missing.push(at);
    let frame = (at && known.get(at)) ?? this.#base;
    for (const next of missing.reverse()) {
      const { service, name: operation } = next.span;
      frame = this.#childOf(frame, { service, operation, kind: 'own', peer: '' });
      known.set(next, frame);
    }
    return frame;
  }
}

/**
 * A flame graph of critical paths: each frame is an operation with the time that requests waited for it and for what it
 * called, merged over all traces that are added. Time on the network, in queues and untraced has frames of its own. The
 * frames on a root add up to the durations of its traces. Bounded: 100 frames deep, 20 000 in all; what is beyond counts
 * for the frame below or for `(others)`.
 */
export function createFlame(): FlameBuilder {
  return new Growing();
}
