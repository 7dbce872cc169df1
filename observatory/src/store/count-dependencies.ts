// Which service calls which, counted over stored traces.
import type { StatementSync } from 'node:sqlite';
import type { StoreState } from './store-state.ts';
import type { Turns } from './turns.ts';

/** How many spans of `child` have a parent span of `parent`. A service is its own parent where it has child spans. */
export interface DependencyLink {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
}

interface LinkRow {
  parent: number | null;
  child: number;
  calls: number;
}

export class DependencyCounter {
  readonly #state: StoreState;
  readonly #links: StatementSync;

  constructor(state: StoreState) {
    this.#state = state;
    this.#links = state.db.prepare(
      `SELECT (SELECT p.service FROM spans p WHERE p.trace = s.trace AND p.span = s.parent LIMIT 1) AS parent,
         s.service AS child, count(*) AS calls
       FROM spans s WHERE s.trace = ? AND s.parent <> 0 GROUP BY 1, 2`,
    );
  }

  /** Counts over the traces that begin after `startNs` and end before `endNs`. */
  async count(startNs: bigint, endNs: bigint, turns: Turns): Promise<DependencyLink[]> {
    const { traces } = this.#state;
    const inWindow = [...traces.values()].filter((trace) => trace.startNs > startNs && trace.endNs < endNs);
    const links = new Map<string, { parent: string; child: string; callCount: number }>();
    for (const { id } of inWindow) {
      for (const row of this.#links.all(id) as unknown as LinkRow[]) this.#add(links, row);
      await turns.breathe();
    }
    return [...links.values()].sort((a, b) => compare(a.parent, b.parent) || compare(a.child, b.child));
  }

  #add(links: Map<string, { parent: string; child: string; callCount: number }>, row: LinkRow): void {
    if (row.parent === null) return;
    const { services } = this.#state.catalog;
    const parent = services.get(row.parent)?.value ?? '';
    const child = services.get(row.child)?.value ?? '';
    const key = JSON.stringify([parent, child]);
    const link = links.get(key) ?? { parent, child, callCount: 0 };
    link.callCount += row.calls;
    links.set(key, link);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
