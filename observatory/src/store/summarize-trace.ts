// A line about a trace for a list, from what is known without reading its spans.
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';

/** A stored trace in short. */
export interface TraceSummary {
  readonly traceId: string;
  /** Service and operation of the earliest span without a parent, or of the earliest span where all have one. */
  readonly rootService: string;
  readonly rootOperation: string;
  /** Kind of that span, as OTLP numbers it. */
  readonly rootKind: number;
  /** Nanoseconds since the Unix epoch. */
  readonly startNs: bigint;
  /** Nanoseconds from the earliest start to the latest end. */
  readonly durationNs: bigint;
  readonly spans: number;
  readonly errors: number;
  /** Number of the last arrival of spans for it: it grows with every arrival in the store. */
  readonly arrival: number;
}

export function summarizeTrace({ catalog }: StoreState, entry: TraceEntry): TraceSummary {
  const head = catalog.operations.get(entry.head)?.value;
  return {
    traceId: entry.traceId,
    rootService: catalog.services.get(head?.service ?? 0)?.value ?? '',
    rootOperation: head?.name ?? '',
    rootKind: head?.kind ?? 0,
    startNs: entry.startNs,
    durationNs: entry.endNs - entry.startNs,
    spans: entry.spans,
    errors: entry.errors,
    arrival: entry.arrival,
  };
}
