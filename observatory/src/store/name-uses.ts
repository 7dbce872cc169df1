// Which names a trace uses, so that they can be given back without reading its spans.
import type { Catalog } from './catalog.ts';

/**
 * Ids of operations, and of origins below zero. One list for both, as most traces use few: a list of its own for each would
 * take more memory than what is in it.
 */
export type NameUses = number[];

/** Ids up to which each is compared with each. */
const FEW = 16;

function distinct(ids: readonly number[]): readonly number[] {
  if (ids.length > FEW) return [...new Set(ids)];
  return ids.filter((id, i) => ids.indexOf(id) === i);
}

/** The spans of a trace that have arrived at once use these names; an id that stands there several times counts once. */
export function useNames(
  { services, operations, origins }: Catalog,
  uses: NameUses,
  ofOperations: readonly number[],
  ofOrigins: readonly number[],
): void {
  for (const id of distinct(ofOperations)) {
    operations.use(id);
    services.use(operations.get(id)?.value.service ?? 0);
    uses.push(id);
  }
  for (const id of distinct(ofOrigins)) {
    origins.use(id);
    uses.push(-id);
  }
}

/** The trace is gone. */
export function releaseNames({ services, operations, origins }: Catalog, uses: NameUses): void {
  for (const id of uses) {
    if (id < 0) origins.release(-id);
    else {
      services.release(operations.get(id)?.value.service ?? 0);
      operations.release(id);
    }
  }
}
