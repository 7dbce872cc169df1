/** Two sets of traces: what got slower, by how much, and how sure that is. */
export type {
  Comparison,
  ComparisonVerdict,
  DurationChange,
  ErrorChange,
  GroupChange,
  Presence,
} from './comparison.ts';
