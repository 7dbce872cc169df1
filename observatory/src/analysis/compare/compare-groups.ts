// What changed on the critical path of a route, group by group.
import type { RouteGroup, RouteStats } from '../many/route-stats.ts';
import { groupKey } from '../many/trace-digest.ts';
import { quantile } from '../statistics/quantile.ts';
import type { GroupChange, Presence } from './comparison.ts';
import type { Hypotheses } from './hypotheses.ts';
import { judgeMedian, type PendingChange, type Sides } from './judge-duration.ts';
import { pairUp } from './pair-up.ts';

/** Groups with less of the time of both sets together are not looked at. */
const LEAST_SHARE = 0.005;
/** A group's change of less than this share of the route's median does not matter. */
const LEAST_OF_ROUTE = 0.01;
/** The slow end, when the median did not change. */
const SLOWEST = 0.9;

/** Which traces the change is explained on, as shares of all in order of duration. */
export type Explained = 'middle' | 'slowest' | undefined;

interface GroupPair {
  readonly name: RouteGroup;
  readonly share: number;
  /** In order of the duration of the traces. */
  readonly before: Float64Array;
  readonly after: Float64Array;
}

function columnOf({ groups, samples }: RouteStats, group: RouteGroup | undefined): Float64Array {
  return group === undefined ? new Float64Array(samples.size) : samples.groupNs(groups.indexOf(group));
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Share of the time of all traces together. */
function totalShare(before: RouteStats, after: RouteStats): (b: number, a: number) => number {
  const [b, a] = [before, after].map(({ samples }) => mean(samples.durationsNs) * samples.size) as [
    number,
    number,
  ];
  return (shareBefore, shareAfter) => (b + a === 0 ? 0 : (shareBefore * b + shareAfter * a) / (b + a));
}

function groupPairs(before: RouteStats, after: RouteStats): GroupPair[] {
  const shareOf = totalShare(before, after);
  return pairUp(before.groups, after.groups, groupKey).flatMap((pair) => {
    const name = (pair.after ?? pair.before) as RouteGroup;
    const share = shareOf(pair.before?.share ?? 0, pair.after?.share ?? 0);
    if (share < LEAST_SHARE) return [];
    return [{ name, share, before: columnOf(before, pair.before), after: columnOf(after, pair.after) }];
  });
}

function presenceOf({ before, after }: GroupPair): Presence {
  if (before.every((ns) => ns === 0)) return 'new';
  return after.every((ns) => ns === 0) ? 'gone' : 'both';
}

/** Mean over the traces that the change is explained on. */
function meanOver(values: Float64Array, explained: Explained): number {
  const n = values.length;
  if (explained === 'middle') return mean(values.subarray(Math.floor(n / 4), Math.ceil((3 * n) / 4)));
  return mean(values.subarray(Math.min(Math.floor(n * SLOWEST), Math.max(0, n - 5))));
}

function shareOfChange(
  pair: Pick<GroupPair, 'before' | 'after'>,
  before: RouteStats,
  after: RouteStats,
  explained: Explained,
): number | undefined {
  if (explained === undefined) return undefined;
  const difference = (b: Float64Array, a: Float64Array): number =>
    meanOver(a, explained) - meanOver(b, explained);
  const whole = difference(before.samples.durationsNs, after.samples.durationsNs);
  return whole === 0 ? undefined : difference(pair.before, pair.after) / whole;
}

/** For `sort`: what is significant first, then the larger difference. */
function byWeight(a: GroupChange, b: GroupChange): number {
  const weight = ({ time, meanDifferenceNs }: GroupChange): number => {
    return Math.max(Math.abs(Number(time.differenceNs)), Math.abs(Number(meanDifferenceNs)));
  };
  return Number(b.time.isSignificant) - Number(a.time.isSignificant) || weight(b) - weight(a);
}

/** Asks of every group of a route whether its time changed; the answers come when it is known what is to be explained. */
export function compareGroups(
  before: RouteStats,
  after: RouteStats,
  ask: Hypotheses,
): (explained: Explained) => GroupChange[] {
  const leastNs = LEAST_OF_ROUTE * quantile(before.samples.durationsNs, 0.5);
  const asked = groupPairs(before, after).map((pair): { pair: GroupPair; time: PendingChange } => {
    const sides: Sides = { before: pair.before.toSorted(), after: pair.after.toSorted() };
    return { pair, time: judgeMedian(sides, ask, 'group', leastNs) };
  });
  return (explained) =>
    asked
      .map(({ pair, time }): GroupChange => {
        const { kind, service, operation, peer } = pair.name;
        return {
          ...{ kind, service, operation, peer },
          presence: presenceOf(pair),
          time: time(),
          meanDifferenceNs: BigInt(Math.round(mean(pair.after) - mean(pair.before))),
          shareOfChange: shareOfChange(pair, before, after, explained),
        };
      })
      .sort(byWeight);
}
