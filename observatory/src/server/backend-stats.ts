// The statistics of the backend: every span received is stored, a duplicate, rejected or evicted.
import type { ReceiverStats } from '../receiver/index.ts';
import type { StoreStats } from '../store/index.ts';

export interface BackendStats {
  readonly requests: Pick<ReceiverStats, 'accepted' | 'refused'>;
  readonly spans: {
    /** Spans in accepted requests. */
    readonly received: number;
    /** Sent again after a lost answer. */
    readonly duplicates: number;
    /** Not stored, by cause. */
    readonly rejected: ReceiverStats['rejected'];
    /** Stored although their trace had been evicted. */
    readonly late: number;
  };
  /** Gone to make room. */
  readonly evicted: { readonly traces: number; readonly spans: number };
  /** In the store when it was opened. */
  readonly restored: { readonly traces: number; readonly spans: number };
  /** In the store now. */
  readonly stored: { readonly traces: number; readonly spans: number; readonly bytes: number };
}

/** Puts together what receiver and store counted; `atStart` is what the store held when it was opened. */
export function toBackendStats(
  receiver: ReceiverStats,
  store: StoreStats,
  atStart: StoreStats,
): BackendStats {
  return {
    requests: { accepted: receiver.accepted, refused: receiver.refused },
    spans: {
      received: receiver.spans,
      duplicates: store.duplicates,
      rejected: receiver.rejected,
      late: store.late,
    },
    evicted: { traces: store.evictedTraces, spans: store.evictedSpans },
    restored: { traces: atStart.traces, spans: atStart.spans },
    stored: { traces: store.traces, spans: store.spans, bytes: store.bytes },
  };
}
