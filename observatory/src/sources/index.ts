// Table of contents: where traces are read from.
export { type BackendOptions, backendSource } from './backend-source.ts';
export { fileSource, streamSource } from './file-source.ts';
export { SourceError, type SourceErrorCode } from './source-error.ts';
export { parseTraceId } from './trace-id.ts';
export type { TraceSource } from './trace-source.ts';
export { type WaitOptions, waitForTrace } from './wait-for-trace.ts';
