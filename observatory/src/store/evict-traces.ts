// Makes room: the traces that have been quiet longest go, whole.
import type { StatementSync } from 'node:sqlite';
import type { StoreLimits } from './store-limits.ts';
import { bytesOf, type StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';

export interface Evicted {
  traces: number;
  spans: number;
}

interface UsedNames {
  service: number;
  operation: number;
  origin: number;
}

export class TraceEvictor {
  readonly #state: StoreState;
  readonly #names: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeLinks: StatementSync;

  constructor(state: StoreState) {
    this.#state = state;
    this.#names = state.db.prepare('SELECT service, operation, origin FROM spans WHERE trace = ?');
    this.#remove = state.db.prepare('DELETE FROM spans WHERE trace = ?');
    this.#removeLinks = state.db.prepare('DELETE FROM links WHERE source = ?');
  }

  /** Evicts until the store is within its limits, and not one trace more. */
  evict(limits: StoreLimits): Evicted {
    const evicted: Evicted = { traces: 0, spans: 0 };
    const { traces } = this.#state;
    while (traces.size > limits.maxTraces || bytesOf(this.#state) > limits.maxBytes) {
      const oldest = traces.oldest;
      if (oldest === undefined) break;
      evicted.traces++;
      evicted.spans += oldest.spans;
      this.#evictTrace(oldest);
    }
    return evicted;
  }

  #evictTrace(trace: TraceEntry): void {
    const { services, operations, origins } = this.#state.catalog;
    for (const used of this.#names.iterate(trace.id) as Iterable<unknown> as Iterable<UsedNames>) {
      services.release(used.service);
      operations.release(used.operation);
      origins.release(used.origin);
    }
    this.#remove.run(trace.id);
    this.#removeLinks.run(trace.id);
    this.#state.traces.evict(trace);
    dropUnusedNames(this.#state);
  }
}

/** Forgets services, operations and origins that no stored span uses. */
export function dropUnusedNames({ catalog }: StoreState): void {
  catalog.services.dropUnused();
  catalog.operations.dropUnused();
  catalog.origins.dropUnused();
}
