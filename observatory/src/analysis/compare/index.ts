/** Two sets of traces: what got slower, by how much, and how sure that is. */
export { compareRoutes } from './compare-routes.ts';
export type {
  Comparison,
  ComparisonVerdict,
  DurationChange,
  ErrorChange,
  GroupChange,
  OperationChange,
  Presence,
} from './comparison.ts';
