// Which limits are broken, and which cannot be judged.
import { countText } from '../../trace/duration-text.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { RouteStats } from '../many/route-stats.ts';
import { checkSlower } from './check-slower.ts';
import type { BrokenLimit, Limit, LimitSubject } from './limit.ts';
import { LimitError } from './limit-error.ts';
import { isBroken, measure, valueText } from './measure-route.ts';
import { missingName } from './missing-name.ts';
import { tooFew } from './too-few.ts';

/** What limits are checked against. */
export interface LimitTargets {
  /** Each limit holds for each of these; of a comparison the routes of the second set. */
  readonly routes: readonly RouteStats[];
  /** For `slower`. */
  readonly comparisons?: readonly Comparison[] | undefined;
}

type RouteSubject = Exclude<LimitSubject, { kind: 'slower' }>;

function checkRoute(limit: Limit, subject: RouteSubject, stats: RouteStats): BrokenLimit[] {
  const { value, name } = measure(subject, stats);
  const { service, operation } = stats;
  const route = { service, operation };
  const few = tooFew(limit, stats);
  if (few !== undefined) {
    return [{ limit, reason: 'unjudged', route, actual: undefined, sentence: `${limit.text}: ${few}` }];
  }
  if (!isBroken(limit, value)) return [];
  const actual = valueText(limit, value);
  const sentence = `${limit.text}: the ${name} of ${operation || '(no name)'} is ${actual} (${countText(stats.count, 'trace')}).`;
  return [{ limit, reason: 'broken', route, actual, sentence }];
}

function unjudged(limit: Limit, why: string): BrokenLimit[] {
  return [
    { limit, reason: 'unjudged', route: undefined, actual: undefined, sentence: `${limit.text}: ${why}` },
  ];
}

function checkRoutes(limit: Limit, subject: RouteSubject, routes: readonly RouteStats[]): BrokenLimit[] {
  if (routes.length === 0) {
    if (subject.kind !== 'count') return unjudged(limit, 'there are no traces to judge it by.');
    if (!isBroken(limit, 0)) return [];
    return [
      {
        limit,
        reason: 'broken',
        route: undefined,
        actual: '0',
        sentence: `${limit.text}: there are no traces.`,
      },
    ];
  }
  const missing = missingName(subject, routes);
  if (missing !== undefined) return unjudged(limit, missing);
  return routes.flatMap((route) => checkRoute(limit, subject, route));
}

function checkLimit(limit: Limit, { routes, comparisons }: LimitTargets): BrokenLimit[] {
  if (limit.subject.kind !== 'slower') return checkRoutes(limit, limit.subject, routes);
  if (comparisons !== undefined) return checkSlower(limit, comparisons);
  throw new LimitError(limit.text, 0, 'slower needs two sets of traces.', 'Use it with longpole compare.');
}

/**
 * The limits that are broken, and those that cannot be judged because there are too few traces or nothing of that
 * name: neither may pass. Empty when all of them hold.
 * @throws LimitError `ERR_LONGPOLE_LIMIT` when `slower` is asked of one set.
 */
export function checkLimits(limits: readonly Limit[], targets: LimitTargets): BrokenLimit[] {
  return limits.flatMap((limit) => checkLimit(limit, targets));
}
