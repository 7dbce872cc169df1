// What two traces spent their time in, side by side.
import type { GroupView, TraceView } from '../../../src/view/index.ts';

/** Time on the critical paths of two traces; `undefined` where a trace has none of it. */
export interface Difference {
  readonly group: GroupView;
  readonly firstMs: number | undefined;
  readonly secondMs: number | undefined;
  readonly differenceMs: number;
}

function keyOf({ service, operation, peer }: GroupView): string {
  return JSON.stringify([service, operation, peer]);
}

/** Every group of either path, the largest difference first. They add up to the difference of the two durations. */
export function differencesOf(
  first: Pick<TraceView, 'groups'>,
  second: Pick<TraceView, 'groups'>,
): Difference[] {
  const before = new Map(first.groups.map((group) => [keyOf(group), group]));
  const after = new Map(second.groups.map((group) => [keyOf(group), group]));
  return [...new Map([...before, ...after])]
    .map(([key, group]) => {
      const [firstMs, secondMs] = [before.get(key)?.selfMs, after.get(key)?.selfMs];
      return { group, firstMs, secondMs, differenceMs: (secondMs ?? 0) - (firstMs ?? 0) };
    })
    .sort((a, b) => Math.abs(b.differenceMs) - Math.abs(a.differenceMs));
}
