// A line about a trace for a list, from the columns alone.
import type { StatementSync } from 'node:sqlite';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-index.ts';

/** A stored trace in short. */
export interface TraceSummary {
  readonly traceId: string;
  /** Service and operation of the earliest span without a stored parent. */
  readonly rootService: string;
  readonly rootOperation: string;
  /** Nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  /** Nanoseconds from the earliest start to the latest end. */
  readonly durationNs: bigint;
  readonly spans: number;
  readonly errors: number;
}

export class TraceSummarizer {
  readonly #state: StoreState;
  readonly #root: StatementSync;
  readonly #errors: StatementSync;

  constructor(state: StoreState) {
    this.#state = state;
    this.#root = state.db.prepare(
      `SELECT service, operation FROM spans s WHERE trace = ?
       ORDER BY EXISTS (SELECT 1 FROM spans p WHERE p.trace = s.trace AND p.span = s.parent), start LIMIT 1`,
    );
    this.#errors = state.db.prepare('SELECT count(*) AS errors FROM spans WHERE trace = ? AND status = 2');
  }

  summarize(entry: TraceEntry): TraceSummary {
    const { services, operations } = this.#state.catalog;
    const root = this.#root.get(entry.id) as { service: number; operation: number } | undefined;
    const { errors } = this.#errors.get(entry.id) as { errors: number };
    return {
      traceId: entry.traceId,
      rootService: services.get(root?.service ?? 0)?.value ?? '',
      rootOperation: operations.get(root?.operation ?? 0)?.value.name ?? '',
      startNs: entry.startNs,
      durationNs: entry.endNs - entry.startNs,
      spans: entry.spans,
      errors,
    };
  }
}
