// Operations that a route has in one set only.
import type { OperationCount, RouteStats } from '../many/route-stats.ts';
import { fisherExact } from '../statistics/fisher.ts';
import type { OperationChange } from './comparison.ts';
import { FALSE_ALARM, type Hypotheses } from './hypotheses.ts';
import { pairUp } from './pair-up.ts';

function keyOf({ service, operation }: OperationCount): string {
  return JSON.stringify([service, operation]);
}

/** Asks of every operation whether it appeared or disappeared; those that did are answered when all has been asked. */
export function compareOperations(
  before: RouteStats,
  after: RouteStats,
  ask: Hypotheses,
): () => OperationChange[] {
  const asked = pairUp(before.operations, after.operations, keyOf).map((pair) => {
    const [inBefore, inAfter] = [pair.before?.count ?? 0, pair.after?.count ?? 0];
    const pValue = fisherExact(inBefore, before.count, inAfter, after.count);
    return { pair, answer: ask.ask('operation', pValue) };
  });
  return () =>
    asked.flatMap(({ pair, answer }): OperationChange[] => {
      const one = pair.before ?? pair.after;
      if (one === undefined || answer() > FALSE_ALARM) return [];
      if (pair.before !== undefined && pair.after !== undefined) return [];
      return [{ ...one, presence: pair.before === undefined ? 'new' : 'gone' }];
    });
}
