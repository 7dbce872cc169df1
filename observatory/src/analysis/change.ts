// A change that a trace is replayed with: checked, and the spans that it is about.
import type { SpanNode } from '../trace/node.ts';
import { AnalysisOptionError } from './analysis-options.ts';
import type { TraceAnalysis } from './analyze-trace.ts';
import { isCall } from './timeline.ts';
import type { Change, SpanMatch } from './what-if.ts';

const KINDS: readonly string[] = ['scale', 'remove', 'parallel'] satisfies Change['kind'][];

/** The change, if it is one. @throws AnalysisOptionError */
export function parseChange(change: Change): Change {
  if (!KINDS.includes(change.kind)) {
    throw new AnalysisOptionError(
      `whatIf: ${change.kind} is no kind of change; there are ${KINDS.join(', ')}.`,
    );
  }
  const { service, operation } = change.match;
  if (service === undefined && operation === undefined) {
    throw new AnalysisOptionError('whatIf: the match is empty; name a service, an operation, or both.');
  }
  if (change.kind === 'scale' && !(Number.isFinite(change.factor) && change.factor >= 0)) {
    throw new AnalysisOptionError(
      `whatIf: factor ${change.factor} is not a number from 0 on; 0.5 takes half as long, 2 twice as long.`,
    );
  }
  return change;
}

function isMatch({ span }: SpanNode, { service, operation }: SpanMatch): boolean {
  return (service ?? span.service) === span.service && (operation ?? span.name) === span.name;
}

/** The call that a span answers, or the span itself. */
function callOf(node: SpanNode): SpanNode {
  return node.parent !== undefined && isCall(node.parent, node) ? node.parent : node;
}

/**
 * The spans below the root that a change is applied to, in the order of the tree, none below another one. Removing
 * and moving an answer removes and moves its call.
 */
export function changedNodes({ tree }: TraceAnalysis, { kind, match }: Change): SpanNode[] {
  const changed = new Set<SpanNode>();
  const covered = new Uint8Array(tree.nodes.length);
  for (const node of tree.nodes) {
    const { parent, index } = node;
    if (parent === undefined && node !== tree.root) break;
    if (parent !== undefined && covered[parent.index] === 1) covered[index] = 1;
    else if (isMatch(node, match)) {
      const target = kind === 'scale' ? node : callOf(node);
      changed.add(target);
      if (kind !== 'parallel') covered[index] = 1;
    }
  }
  return [...changed];
}
