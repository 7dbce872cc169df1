// Table of contents: where traces are read from.

// The sources
export { fileSource, streamSource } from './file-source.ts';
export { isBackendUrl, openSource } from './open-source.ts';
// What can go wrong
export { SourceError } from './source-error.ts';
// Headers for a backend
export { parseSourceHeaders } from './source-headers.ts';
// Waiting for a trace, and its id
export { parseTraceId, traceIdInUrl } from './trace-id.ts';
export type { TraceQuery } from './trace-query.ts';
export type { ReadEvents, TraceSource } from './trace-source.ts';
export { waitForTrace } from './wait-for-trace.ts';
