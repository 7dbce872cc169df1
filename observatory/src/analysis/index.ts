/** What Longpole says of traces: pure functions from spans to verdicts, for Node and browsers. */

export type { SpanNode } from '../trace/node.ts';
export type {
  AttributeMap,
  AttributeValue,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
  Trace,
} from '../trace/span.ts';
export type { TraceTree } from '../trace/tree.ts';
export type { TraceWarning, WarningCode } from '../trace/warning.ts';
export { AnalysisOptionError } from './analysis-options.ts';
export { analyzeRoot, analyzeTrace, type RootAnalysis, type TraceAnalysis } from './analyze-trace.ts';
export type { PathGroup } from './bottleneck.ts';
export {
  type Comparison,
  type ComparisonVerdict,
  compareRoutes,
  type DurationChange,
  type ErrorChange,
  type GroupChange,
  type OperationChange,
  type Presence,
} from './compare/index.ts';
export { type CriticalPath, findCriticalPath, type PartKind, type PathPart } from './critical-path.ts';
export {
  createDoctor,
  DEFAULT_THRESHOLDS,
  type Doctor,
  DoctorError,
  type DoctorOptions,
  diagnose,
  type Evidence,
  FINDING_CODES,
  type Finding,
  type FindingCode,
  parseFindingCode,
  type Severity,
  type Thresholds,
} from './findings/index.ts';
export {
  createFlame,
  type Flame,
  type FlameBuilder,
  type Frame,
  flameSvg,
  foldedStacks,
} from './flame/index.ts';
export { type Folded, foldedOf } from './folded.ts';
export type { Gap } from './gaps.ts';
export {
  type BrokenLimit,
  checkLimits,
  type Limit,
  LimitError,
  type LimitOperator,
  type LimitSubject,
  type LimitTargets,
  parseLimit,
} from './limits/index.ts';
export {
  type CommonTrait,
  createRouteStats,
  type ExampleTrace,
  type OperationCount,
  type Route,
  type RouteDurations,
  type RouteGroup,
  type RouteSamples,
  type RouteStats,
  type RouteStatsBuilder,
  type RouteStatsOptions,
  type SlowTraces,
  type Trait,
} from './many/index.ts';
export { analyzeMessage, findMessages, type Message } from './messages.ts';
export { type PathSpan, spansOnPath } from './path-spans.ts';
export type { Timeline } from './timeline.ts';
export { type Change, type SpanMatch, type WhatIf, whatIf } from './what-if.ts';
