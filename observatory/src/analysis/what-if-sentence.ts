// The answer of a replay in one sentence.
import { countText, durationText, percentText } from '../trace/duration-text.ts';
import { shareOf } from '../trace/nanoseconds.ts';
import { groupText } from './bottleneck.ts';
import type { Change, SpanMatch, WhatIf } from './what-if.ts';

function matchText({ service, operation }: SpanMatch): string {
  const name = operation === '' ? '(no name)' : operation;
  return [service, name].filter((word) => word !== undefined).join(' · ');
}

function changeText(change: Change): string {
  const what = matchText(change.match);
  if (change.kind === 'remove') return `Without ${what}`;
  if (change.kind === 'parallel') return `With ${what} side by side`;
  return `With ${what} taking ${Math.round(change.factor * 1e4) / 1e2} % of its time`;
}

/** `604 ms instead of 3 004 ms (80 % less)`; where the two read the same, by how much they differ. */
function differenceText({ beforeNs, afterNs }: Pick<WhatIf, 'beforeNs' | 'afterNs'>): string {
  const isLess = afterNs < beforeNs;
  const differenceNs = isLess ? beforeNs - afterNs : afterNs - beforeNs;
  const [before, after, direction] = [
    durationText(beforeNs),
    durationText(afterNs),
    isLess ? 'less' : 'more',
  ];
  if (before === after) return `${durationText(differenceNs)} ${direction} than ${before}`;
  return `${after} instead of ${before} (${percentText(shareOf(differenceNs, beforeNs))} ${direction})`;
}

/** How long the request would take, and what would hold it up then. */
export function whatIfSentence(answer: Omit<WhatIf, 'sentence'>): string {
  const { change, changed, path, bottleneck, beforeNs, afterNs } = answer;
  if (changed.length === 0) return `No span of the trace is ${matchText(change.match)}: nothing changes.`;
  const operation = path.root?.span.name || '(no name)';
  if (beforeNs === afterNs) {
    const spans = countText(changed.length, 'span');
    return `${changeText(change)} (${spans}), ${operation} still takes ${durationText(beforeNs)}.`;
  }
  const then =
    bottleneck === undefined
      ? ''
      : `; then ${groupText(bottleneck)} holds it up: ${durationText(bottleneck.selfNs)} (${percentText(bottleneck.share)})`;
  return `${changeText(change)}, ${operation} takes ${differenceText(answer)}${then}`;
}
