// Counts the trace context that was not used or not sent, by cause.

/**
 * Why context was dropped. `tracestate_entries_over_limit`, `tracestate_duplicate_keys` and `baggage_key_not_listed`
 * count list-members, the others count headers; `untrusted_…` are those of callers that are not trusted,
 * `outgoing_removed` those that somebody else had set on a request to a host that may not hear them.
 */
export type ContextDrop =
  | 'traceparent_invalid'
  | 'traceparent_duplicated'
  | 'tracestate_without_traceparent'
  | 'tracestate_invalid'
  | 'tracestate_too_many_members'
  | 'tracestate_entries_over_limit'
  | 'tracestate_duplicate_keys'
  | 'uber_trace_id_invalid'
  | 'uberctx_over_limit'
  | 'untrusted_parent'
  | 'untrusted_tracestate'
  | 'untrusted_baggage'
  | 'baggage_key_not_listed'
  | 'outgoing_removed';

const counts = new Map<ContextDrop, number>();

export function countDrop(cause: ContextDrop, amount = 1): void {
  if (amount > 0) counts.set(cause, (counts.get(cause) ?? 0) + amount);
}

/** The counts since the process began; a cause that never happened is absent. */
export function contextDrops(): Readonly<Partial<Record<ContextDrop, number>>> {
  return Object.fromEntries(counts);
}
