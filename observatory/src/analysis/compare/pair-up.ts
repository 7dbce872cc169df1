// The same thing before and after: pairs by a key, in order of first appearance.

export interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Pairs of two lists by key; each key at most once in a list. */
export function pairUp<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string): Pair<T>[] {
  const afterByKey = new Map(after.map((one) => [keyOf(one), one]));
  const pairs: Pair<T>[] = before.map((one) => ({ before: one, after: afterByKey.get(keyOf(one)) }));
  const known = new Set(before.map(keyOf));
  for (const one of after) if (!known.has(keyOf(one))) pairs.push({ before: undefined, after: one });
  return pairs;
}
