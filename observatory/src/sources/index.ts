// Table of contents: where traces are read from.

// The sources
export { backendSource } from './backend-source.ts';
export { fileSource, streamSource } from './file-source.ts';
// What can go wrong
export { SourceError } from './source-error.ts';
// Waiting for a trace, and its id
export { parseTraceId, traceIdInUrl } from './trace-id.ts';
export type { TraceQuery } from './trace-query.ts';
export type { ReadEvents, TraceSource } from './trace-source.ts';
export { waitForTrace } from './wait-for-trace.ts';
