// Replays a trace with changes, one after the other, and keeps each step.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { groupText } from '../../analysis/bottleneck.ts';
import { awaitedStill } from '../../analysis/replayed-timeline.ts';
import { type Change, type WhatIf, whatIf } from '../../analysis/what-if.ts';

/** A change with what it brought. */
export interface Step {
  /** `payment × 0.5`, `without notify`, `inventory · check stock side by side`. */
  readonly text: string;
  readonly result: WhatIf;
}

function matchText({ match: { service, operation } }: Change): string {
  return [service, operation].filter((name) => name !== undefined).join(' · ');
}

/** A change in words. */
export function changeText(change: Change): string {
  if (change.kind === 'scale') return `${matchText(change)} × ${change.factor}`;
  return change.kind === 'remove' ? `without ${matchText(change)}` : `${matchText(change)} side by side`;
}

/** The analysis of the trace as it was replayed, for the next change: what was removed is waited for no more. */
function replayed(
  analysis: TraceAnalysis,
  { timeline, path, groups, bottleneck, sentence }: WhatIf,
): TraceAnalysis {
  const awaited = awaitedStill(analysis.tree, analysis.awaited, timeline);
  return { ...analysis, timeline, awaited, path, groups, bottleneck, sentence };
}

/** The steps of a trace's changes: each starts from what the one before it left. */
export function replayChanges(analysis: TraceAnalysis, changes: readonly Change[]): Step[] {
  let current = analysis;
  return changes.map((change) => {
    const result = whatIf(current, change);
    current = replayed(current, result);
    return { text: changeText(change), result };
  });
}

const MOST_SUGGESTED = 5;
const HALF = 0.5;

/** What halving each of the operations with the most time of their own on the path would bring, the best first. */
export function halveEach(analysis: TraceAnalysis): Step[] {
  const own = analysis.groups.filter(({ kind }) => kind === 'own' || kind === 'untraced');
  const steps = own.slice(0, MOST_SUGGESTED).map((group) => {
    const { service, operation } = group;
    const result = whatIf(analysis, { kind: 'scale', match: { service, operation }, factor: HALF });
    return { text: `${groupText(group)} × ${HALF}`, result };
  });
  return steps.sort((a, b) => Number(a.result.afterNs - b.result.afterNs));
}
