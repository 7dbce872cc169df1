// The store's table of contents.

// What comes out
export type { DependencyLink } from './count-dependencies.ts';
// What goes in
export type { AddResult } from './insert-spans.ts';
export type { Origin, SpanCodec, SpanRecord } from './span-record.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export { DEFAULT_LIMITS, type StoreLimits } from './store-limits.ts';
export type { TraceSummary } from './summarize-trace.ts';
export type { TraceQuery } from './trace-query.ts';
// The store
export { type Operation, type StoreOptions, type StoreStats, TraceStore } from './trace-store.ts';
