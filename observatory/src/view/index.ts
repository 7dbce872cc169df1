// Table of contents: what the page is told.

export { toVerdict } from './groups.ts';
export type { TraceRow, TraceView, Verdict } from './shapes.ts';
export { toTraceView } from './trace-view.ts';
