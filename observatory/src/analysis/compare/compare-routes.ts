// Two sets of traces, route by route: what changed, by how much, and how sure that is.
import type { Route, RouteStats } from '../many/route-stats.ts';
import { fisherExact } from '../statistics/fisher.ts';
import { compareGroups, type Explained } from './compare-groups.ts';
import { compareOperations } from './compare-operations.ts';
import type { Comparison, ComparisonVerdict, DurationChange, ErrorChange } from './comparison.ts';
import { comparisonSentence } from './comparison-sentence.ts';
import { FALSE_ALARM, Hypotheses, LEAST_TO_COMPARE } from './hypotheses.ts';
import { judgeMedian, judgeTail, type Sides, unjudged } from './judge-duration.ts';
import { pairUp } from './pair-up.ts';

/** With fewer traces on either side there is no 95th percentile to speak of. */
const LEAST_FOR_TAIL = 20;

type Unsaid = Omit<Comparison, 'sentence'>;

function counts({ isSignificant, isLarge }: DurationChange): boolean {
  return isSignificant && isLarge;
}

function verdictOf(p50: DurationChange, p95: DurationChange): ComparisonVerdict {
  const signs = new Set([p50, p95].filter(counts).map((change) => change.differenceNs > 0n));
  if (signs.size === 2) return 'mixed';
  if (signs.size === 0) return 'unchanged';
  return signs.has(true) ? 'slower' : 'faster';
}

function explainedBy(p50: DurationChange, p95: DurationChange): Explained {
  if (counts(p50)) return 'middle';
  return counts(p95) ? 'slowest' : undefined;
}

function judgeErrors(before: RouteStats, after: RouteStats, ask: Hypotheses): () => ErrorChange {
  const pValue = fisherExact(before.errors, before.count, after.errors, after.count);
  const answer = ask.ask('route', pValue);
  const rates = { before: before.errors / before.count, after: after.errors / after.count };
  return () => ({ ...rates, pValue: answer(), isSignificant: answer() <= FALSE_ALARM });
}

function nameOf({ service, operation }: Route): Route {
  return { service, operation };
}

/** A route with too few traces: its numbers, without a judgement. */
function fewTraces(before: RouteStats, after: RouteStats, sides: Sides): Unsaid {
  const rates = { before: before.errors / before.count, after: after.errors / after.count };
  return {
    ...nameOf(after),
    ...{ verdict: 'too-few', presence: 'both', before, after, groups: [], operations: [] },
    p50: unjudged(sides, 0.5),
    p95: unjudged(sides, 0.95),
    errors: { ...rates, pValue: 1, isSignificant: false },
  };
}

/** Asks everything about a route that both sets have; the answers come when all has been asked. */
function compareBoth(before: RouteStats, after: RouteStats, ask: Hypotheses): () => Unsaid {
  const sides: Sides = { before: before.samples.durationsNs, after: after.samples.durationsNs };
  const least = Math.min(before.samples.size, after.samples.size);
  if (least < LEAST_TO_COMPARE) return () => fewTraces(before, after, sides);
  const askP50 = judgeMedian(sides, ask, 'route', 0);
  const askP95 = least < LEAST_FOR_TAIL ? () => unjudged(sides, 0.95) : judgeTail(sides, ask);
  const errors = judgeErrors(before, after, ask);
  const groups = compareGroups(before, after, ask);
  const operations = compareOperations(before, after, ask);
  return () => {
    const [p50, p95] = [askP50(), askP95()];
    return {
      ...nameOf(after),
      ...{ verdict: verdictOf(p50, p95), presence: 'both', before, after, p50, p95 },
      errors: errors(),
      groups: groups(explainedBy(p50, p95)),
      operations: operations(),
    };
  };
}

function onlyOne(
  before: RouteStats | undefined,
  after: RouteStats | undefined,
  presence: 'new' | 'gone',
): () => Unsaid {
  const route = nameOf((after ?? before) as RouteStats);
  const nothing = { p50: undefined, p95: undefined, errors: undefined, groups: [], operations: [] };
  return () => ({ ...route, verdict: presence, presence, before, after, ...nothing });
}

const ORDER: readonly ComparisonVerdict[] = [
  'slower',
  'mixed',
  'faster',
  'new',
  'gone',
  'unchanged',
  'too-few',
];

/** For `sort`: the routes that lost most first, then by name. */
function byWeight(a: Comparison, b: Comparison): number {
  const order = ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict);
  const lost = ({ p50, p95 }: Comparison): number => Math.max(p50?.ratio ?? 0, p95?.ratio ?? 0);
  const [nameA, nameB] = [a, b].map(({ service, operation }) => JSON.stringify([service, operation]));
  return order || lost(b) - lost(a) || ((nameA as string) < (nameB as string) ? -1 : 1);
}

/**
 * Compares the routes of two sets of traces: before and after a change, or two variants that ran side by side. What is
 * called significant anywhere in the result is a false alarm with a probability of at most 5 % for the whole
 * comparison, however many routes and groups it has, as long as traces are independent of each other.
 * Routes that changed come first.
 */
export function compareRoutes(before: readonly RouteStats[], after: readonly RouteStats[]): Comparison[] {
  const ask = new Hypotheses();
  const asked = pairUp(before, after, ({ service, operation }) => JSON.stringify([service, operation])).map(
    (pair) => {
      if (pair.before === undefined) return onlyOne(pair.before, pair.after, 'new');
      if (pair.after === undefined) return onlyOne(pair.before, pair.after, 'gone');
      return compareBoth(pair.before, pair.after, ask);
    },
  );
  return asked
    .map((answer) => answer())
    .map((unsaid) => ({ ...unsaid, sentence: comparisonSentence(unsaid) }))
    .sort(byWeight);
}
