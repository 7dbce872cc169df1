// One trace in, the verdict out: tree, clocks, critical path, bottleneck, sentence.
import type { Trace } from '../trace/span.ts';
import { buildTree, type TraceTree } from '../trace/tree.ts';
import type { TraceWarning } from '../trace/warning.ts';
import { bottleneckSentence, groupPath, type PathGroup } from './bottleneck.ts';
import { type CriticalPath, findCriticalPath } from './critical-path.ts';
import { lostContextWarnings } from './lost-context.ts';
import { alignClocks, type Timeline } from './timeline.ts';

/** Everything Longpole says of one trace. */
export interface TraceAnalysis {
  readonly tree: TraceTree;
  readonly timeline: Timeline;
  readonly path: CriticalPath;
  /** The critical path by operation, the largest first. */
  readonly groups: readonly PathGroup[];
  /** The largest group; `undefined` when the trace has no spans or its root took no time. */
  readonly bottleneck: PathGroup | undefined;
  readonly sentence: string;
  readonly warnings: readonly TraceWarning[];
}

/** Analyses a trace: pure, for any trace however broken, without changing it. */
export function analyzeTrace(trace: Trace): TraceAnalysis {
  const tree = buildTree(trace);
  const timeline = alignClocks(tree);
  const path = findCriticalPath(tree, timeline);
  const groups = groupPath(path);
  return {
    tree,
    timeline,
    path,
    groups,
    bottleneck: groups[0],
    sentence: bottleneckSentence(path, groups[0]),
    warnings: [...tree.warnings, ...timeline.warnings, ...lostContextWarnings(tree)],
  };
}
