// Whether a comparison breaks a limit on how much slower things may get.
import { durationText } from '../../trace/duration-text.ts';
import type { Comparison, DurationChange } from '../compare/comparison.ts';
import type { BrokenLimit, Limit } from './limit.ts';
import { isBroken, valueText } from './measure-route.ts';

function certain(change: DurationChange | undefined): number {
  return change?.isSignificant === true && change.ratio > 0 ? change.ratio : 0;
}

function brokenBy(limit: Limit, comparison: Comparison): BrokenLimit[] {
  const { p50, p95, operation, service } = comparison;
  const [label, change] = certain(p95) > certain(p50) ? (['p95', p95] as const) : (['p50', p50] as const);
  const ratio = certain(change);
  if (change === undefined || ratio === 0 || !isBroken(limit, ratio)) return [];
  const actual = Number.isFinite(ratio) ? valueText(limit, ratio) : 'infinitely many %';
  const [before, after] = [durationText(change.beforeNs), durationText(change.afterNs)];
  const sentence = `${limit.text}: ${operation || '(no name)'} got ${actual} slower (${label} ${before} → ${after}).`;
  return [{ limit, reason: 'broken', route: { service, operation }, actual, sentence }];
}

/** Routes that certainly got slower by more than the limit, and those with too few traces to tell. */
export function checkSlower(limit: Limit, comparisons: readonly Comparison[]): BrokenLimit[] {
  const both = comparisons.filter(({ presence }) => presence === 'both');
  if (both.length === 0) {
    const sentence = `${limit.text}: no route is in both sets of traces, so there is nothing to compare.`;
    return [{ limit, reason: 'unjudged', route: undefined, actual: undefined, sentence }];
  }
  return both.flatMap((comparison): BrokenLimit[] => {
    if (comparison.verdict !== 'too-few') return brokenBy(limit, comparison);
    const { service, operation, sentence } = comparison;
    const route = { service, operation };
    return [{ limit, reason: 'unjudged', route, actual: undefined, sentence: `${limit.text}: ${sentence}` }];
  });
}
