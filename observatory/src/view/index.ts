// Table of contents: what the page is told.

// Sets of traces
export { Callees } from './callees.ts';
export { toFlameView } from './flame-view.ts';
// One trace
export { toVerdict } from './groups.ts';
export { RouteMoments } from './route-moments.ts';
export { toComparisonView, toRouteView, toWhatIfView } from './route-view.ts';
export { ServiceMap } from './service-map.ts';
export type {
  ChangeView,
  ComparisonView,
  FlameView,
  FrameView,
  MapView,
  RouteView,
  ServiceEdge,
  ServiceNode,
  SetSize,
  WhatIfView,
} from './set-shapes.ts';
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
