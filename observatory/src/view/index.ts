// Table of contents: what the page is told.

export { toVerdict } from './groups.ts';
export {
  type GroupView,
  KINDS,
  type LinkView,
  type PathView,
  type TraceRow,
  type TraceView,
  type Verdict,
} from './shapes.ts';
export { toTraceView } from './trace-view.ts';
