// One trace in, the verdict out: tree, clocks, critical path, bottleneck, sentence.
import type { SpanNode } from '../trace/node.ts';
import type { Trace } from '../trace/span.ts';
import { buildTree, type TraceTree } from '../trace/tree.ts';
import type { TraceWarning } from '../trace/warning.ts';
import { type Awaited, findAwaited } from './awaited.ts';
import { bottleneckSentence, groupPath, type PathGroup } from './bottleneck.ts';
import { type CriticalPath, findCriticalPath } from './critical-path.ts';
import { findGaps, type Gap } from './gaps.ts';
import { lostContextWarnings } from './lost-context.ts';
import { alignClocks, type Timeline } from './timeline.ts';

/** Everything Longpole says of one trace. */
export interface TraceAnalysis {
  readonly tree: TraceTree;
  readonly timeline: Timeline;
  /** Which spans their parents waited for. */
  readonly awaited: Awaited;
  readonly path: CriticalPath;
  /** The critical path by operation, the largest first. */
  readonly groups: readonly PathGroup[];
  /** The largest group; `undefined` when the trace has no spans or its root took no time. */
  readonly bottleneck: PathGroup | undefined;
  /** Long stretches of the path in which nothing was traced, the longest first. */
  readonly gaps: readonly Gap[];
  readonly sentence: string;
  readonly warnings: readonly TraceWarning[];
}

/** The verdict on one root of a trace. */
export type RootAnalysis = Pick<TraceAnalysis, 'path' | 'groups' | 'bottleneck' | 'gaps' | 'sentence'>;

/** The verdict on what ran below one root of a tree: by default the one that the trace is about. */
function analyzeBelow(
  tree: TraceTree,
  timeline: Timeline,
  awaited: Awaited,
  root: SpanNode | undefined,
): RootAnalysis {
  const path = findCriticalPath(tree, timeline, root, awaited);
  const groups = groupPath(path);
  const sentence = bottleneckSentence(path, groups[0]);
  return { path, groups, bottleneck: groups[0], gaps: findGaps(path, timeline), sentence };
}

/** Analyses a trace: pure, for any trace however broken, without changing it. */
export function analyzeTrace(trace: Trace): TraceAnalysis {
  const tree = buildTree(trace);
  const timeline = alignClocks(tree);
  const awaited = findAwaited(tree, timeline);
  const warnings = [...tree.warnings, ...timeline.warnings, ...lostContextWarnings(tree)];
  return { tree, timeline, awaited, ...analyzeBelow(tree, timeline, awaited, tree.root), warnings };
}

/**
 * The verdict on any span of an analysed trace as if it were the root: on the other roots of a broken trace, on a
 * background job, or on one call alone.
 */
export function analyzeRoot({ tree, timeline, awaited }: TraceAnalysis, root: SpanNode): RootAnalysis {
  return analyzeBelow(tree, timeline, awaited, root);
}
