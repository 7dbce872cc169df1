// A comparison in one sentence.
import { countText, durationText, percentText } from '../../trace/duration-text.ts';
import { maxNs, minNs } from '../../trace/nanoseconds.ts';
import { groupText } from '../bottleneck.ts';
import type { Comparison, DurationChange, GroupChange } from './comparison.ts';
import { LEAST_TO_COMPARE } from './hypotheses.ts';

type Unsaid = Omit<Comparison, 'sentence'>;

function absolute(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}

/** `p50 2 500 → 2 980 ms`: the unit once when both have the same. */
function fromTo(label: string, { beforeNs, afterNs }: DurationChange): string {
  const [before, after] = [durationText(beforeNs), durationText(afterNs)];
  const unit = / \S+$/.exec(after)?.[0] ?? '';
  const short = before.endsWith(unit) ? before.slice(0, before.length - unit.length) : before;
  return `${label} ${short} → ${after}`;
}

function ratioText({ ratio }: DurationChange): string {
  return `${ratio > 0 ? '+' : '−'}${percentText(Math.abs(ratio))}`;
}

/** `480 ms slower`. */
function byHowMuch(ns: bigint): string {
  return `${durationText(absolute(ns))} ${ns > 0n ? 'slower' : 'faster'}`;
}

/** The group that accounts for most of the change, if one certainly changed in the same direction. */
function culprit({ groups }: Unsaid, change: DurationChange): GroupChange | undefined {
  const same = groups.filter(({ time, meanDifferenceNs, shareOfChange }) => {
    const ns = time.differenceNs === 0n ? meanDifferenceNs : time.differenceNs;
    return time.isSignificant && ns > 0n === change.differenceNs > 0n && (shareOfChange ?? 0) > 0;
  });
  return same.sort((a, b) => (b.shareOfChange ?? 0) - (a.shareOfChange ?? 0))[0];
}

function groupClause(group: GroupChange): string {
  const { time, meanDifferenceNs } = group;
  if (time.differenceNs === 0n) return `${groupText(group)} got ${byHowMuch(meanDifferenceNs)} on average`;
  return `${groupText(group)} got ${byHowMuch(time.differenceNs)} (${fromTo('p50', time)})`;
}

function changeSentence(unsaid: Unsaid, label: string, change: DurationChange): string {
  const route = unsaid.operation === '' ? '(no name)' : unsaid.operation;
  const numbers = `${fromTo(label, change)}, ${ratioText(change)}`;
  const group = culprit(unsaid, change);
  if (group === undefined) {
    return `${route} got ${byHowMuch(change.differenceNs)} (${numbers}), and no single part of its path accounts for it`;
  }
  const share = group.shareOfChange ?? 0;
  const part = share >= 1 ? 'all' : percentText(share);
  const verb = change.differenceNs > 0n ? 'lost' : 'gained';
  const where = label === 'p95' ? ' in its slow traces' : '';
  return `${groupClause(group)}, which is ${part} of what ${route} ${verb}${where} (${numbers})`;
}

function unchangedSentence({ operation, p50, before, after }: Unsaid): string {
  const [few, many] = [before?.count ?? 0, after?.count ?? 0];
  if (p50 === undefined) return `${operation} did not change`;
  const reach = `the median changed by ${durationText(minNs(p50.lowNs, p50.highNs))} to ${durationText(maxNs(p50.lowNs, p50.highNs))}`;
  return `${operation} shows no change beyond chance (${fromTo('p50', p50)}; ${reach} with 95 % confidence, ${few} and ${many} traces)`;
}

function durationClause(unsaid: Unsaid): string {
  const { verdict, p50, p95, operation, before, after } = unsaid;
  const name = operation === '' ? '(no name)' : operation;
  if (verdict === 'new')
    return `${name} is only in the second set (${countText(after?.count ?? 0, 'trace')})`;
  if (verdict === 'gone')
    return `${name} is only in the first set (${countText(before?.count ?? 0, 'trace')})`;
  if (verdict === 'too-few') {
    return `${name} has too few traces to compare: ${before?.count ?? 0} and ${after?.count ?? 0}, at least ${LEAST_TO_COMPARE} each are needed`;
  }
  const said = [['p50', p50] as const, ['p95', p95] as const].flatMap(([label, change]) => {
    return change?.isSignificant === true && change.isLarge ? [changeSentence(unsaid, label, change)] : [];
  });
  if (said.length === 0) return unchangedSentence(unsaid);
  return verdict === 'mixed' ? said.join('; but ') : (said[0] as string);
}

function errorClause({ errors }: Unsaid): string[] {
  if (errors?.isSignificant !== true) return [];
  const verb = errors.after > errors.before ? 'rose' : 'fell';
  return [`errors ${verb} from ${percentText(errors.before)} to ${percentText(errors.after)}`];
}

function operationClause({ operations }: Unsaid): string[] {
  const first = operations[0];
  if (first === undefined) return [];
  const more = operations.length > 1 ? ` (and ${operations.length - 1} more)` : '';
  return [`${first.service} · ${first.operation} is ${first.presence}${more}`];
}

/** `payment · charge got 480 ms slower (p50 2 500 → 2 980 ms), which is 93 % of what POST /api/checkout lost (p50 …).` */
export function comparisonSentence(unsaid: Unsaid): string {
  return `${[durationClause(unsaid), ...errorClause(unsaid), ...operationClause(unsaid)].join('; ')}.`;
}
