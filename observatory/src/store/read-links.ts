// Finds the traces whose spans link to a trace.
import type { StatementSync } from 'node:sqlite';
import type { StoreState } from './store-state.ts';

export class LinkReader {
  readonly #state: StoreState;
  readonly #sources: StatementSync;

  constructor(state: StoreState) {
    this.#state = state;
    this.#sources = state.db.prepare(
      'SELECT source FROM links WHERE target = ? ORDER BY source DESC LIMIT ?',
    );
  }

  /** Ids of other stored traces that link to this one, the last begun first. */
  sourcesOf(traceId: string, limit: number): string[] {
    const { traces } = this.#state;
    const own = traces.get(traceId)?.id;
    const rows = this.#sources.all(traceId, limit + 1) as { source: number }[];
    const ids = rows.filter(({ source }) => source !== own).map(({ source }) => traces.byId(source)?.traceId);
    return ids.filter((id) => id !== undefined).slice(0, limit);
  }
}
