// The store's table of contents.

// What goes in
export type { AddResult } from './insert-spans.ts';
export type { Origin, SpanCodec, SpanRecord } from './span-record.ts';
// The store
export { StoreError } from './store-error.ts';
// What comes out
export type { TraceSummary } from './summarize-trace.ts';
export type { TraceQuery } from './trace-query.ts';
export { type StoreOptions, type StoreStats, TraceStore } from './trace-store.ts';
// Long reads in short turns
export { Turns } from './turns.ts';
