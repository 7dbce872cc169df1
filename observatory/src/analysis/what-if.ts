// What a trace would have looked like if some of its spans were faster, gone or side by side.
import type { SpanNode } from '../trace/node.ts';
import type { TraceAnalysis } from './analyze-trace.ts';
import { groupPath, type PathGroup } from './bottleneck.ts';
import { changedNodes, parseChange } from './change.ts';
import { type CriticalPath, findCriticalPath } from './critical-path.ts';
import { type Edit, replayTree } from './replay.ts';
import { awaitedStill, replayedTimeline } from './replayed-timeline.ts';
import type { Timeline } from './timeline.ts';
import { whatIfSentence } from './what-if-sentence.ts';

/** Which spans a change is about: all that have the service and the name, as far as each is given. */
export interface SpanMatch {
  /** `service.name` of the span. */
  readonly service?: string;
  /** Name of the span. */
  readonly operation?: string;
}

/** A change to the spans that match, each with everything it waited for. */
export type Change =
  /** They take `factor` times as long: 0.5 halves them, 1 changes nothing, 0 makes them instant. */
  | { readonly kind: 'scale'; readonly match: SpanMatch; readonly factor: number }
  /** They do not happen, nor the call that led to them. */
  | { readonly kind: 'remove'; readonly match: SpanMatch }
  /** Those of one parent start side by side instead of one after the other. */
  | { readonly kind: 'parallel'; readonly match: SpanMatch };

/** A trace replayed with a change. */
export interface WhatIf {
  readonly change: Change;
  /** The spans below the root that the change was applied to; none: nothing matched. */
  readonly changed: readonly SpanNode[];
  readonly beforeNs: bigint;
  readonly afterNs: bigint;
  /** When each span of the trace would have run. */
  readonly timeline: Timeline;
  readonly path: CriticalPath;
  /** The new critical path by operation, the largest first. */
  readonly groups: readonly PathGroup[];
  /** What would hold the request up then; `undefined` when it would take no time. */
  readonly bottleneck: PathGroup | undefined;
  /** The answer in one sentence. */
  readonly sentence: string;
}

function editOf({ tree }: TraceAnalysis, change: Change, changed: readonly SpanNode[]): Edit {
  const count = tree.nodes.length;
  const edit: Edit = {
    factors: new Float64Array(count).fill(1),
    removed: new Uint8Array(count),
    beside: new Uint8Array(count),
  };
  for (const { index } of changed) {
    if (change.kind === 'scale') edit.factors[index] = change.factor;
    else edit[change.kind === 'remove' ? 'removed' : 'beside'][index] = 1;
  }
  if (change.kind === 'parallel') return edit;
  for (const { index, parent } of tree.nodes) {
    if (parent === undefined) continue;
    if (edit.removed[parent.index] === 1) edit.removed[index] = 1;
    if (edit.factors[parent.index] !== 1) edit.factors[index] = edit.factors[parent.index] as number;
  }
  return edit;
}

/**
 * Replays a trace with a change and says how long it would have taken and what would hold it up then. Which span
 * started after which is read off the recorded order: a span waited for every sibling that had ended when it started,
 * and starts as long after the last of them as it did. Stretches between spans stay as long as they were, and a call
 * that gave up after a time gives up after the same time.
 *
 * Scaling and removing take everything below a span with it; removing an answer removes its call. Pure: the
 * analysis is not changed.
 * @throws AnalysisOptionError when the change matches everything, its kind does not exist, or its factor is not a number from 0 on.
 */
export function whatIf(analysis: TraceAnalysis, change: Change): WhatIf {
  const { tree, timeline, awaited, path: before } = analysis;
  const parsed = parseChange(change);
  const changed = changedNodes(analysis, parsed);
  const replay = replayTree(tree, timeline, awaited, editOf(analysis, parsed, changed));
  const after = replayedTimeline(tree, timeline, awaited, replay);
  const path = findCriticalPath(tree, after, tree.root, awaitedStill(tree, awaited, after));
  const groups = groupPath(path);
  const answer = {
    change: parsed,
    changed,
    beforeNs: before.durationNs,
    afterNs: path.durationNs,
    timeline: after,
    path,
    groups,
    bottleneck: groups[0],
  };
  return { ...answer, sentence: whatIfSentence(answer) };
}
