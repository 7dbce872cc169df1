// What the doctor says: one finding is one thing that is wrong, with its evidence, its cause and its cure.

/** Every code, in the order of `docs/findings.md`, which has a paragraph about each. */
export const FINDING_CODES = [
  'broken-propagation',
  'several-roots',
  'clock-skew',
  'swallowed-error',
  'error-storm',
  'noise',
  'n-plus-one',
  'sequential-calls',
  'retry-storm',
  'missing-attributes',
  'missing-route',
  'high-cardinality-name',
  'secret-in-attribute',
  'lost-job',
  'work-after-response',
  'unfinished-span',
  'sampling-loses-errors',
] as const;

/** Stable code of a kind of finding. */
export type FindingCode = (typeof FINDING_CODES)[number];

/** `error`: something is lost, broken or leaked. `warning`: something costs time or hides things. */
export type Severity = 'error' | 'warning';

/** A span a finding is about. Ids are lower-case hex. */
export interface Evidence {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  /** Span name. */
  readonly operation: string;
}

/** One thing that is wrong in a set of traces. Plain data. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What is wrong, with names and numbers. Never holds a secret. */
  readonly sentence: string;
  /** What usually brings it about. */
  readonly cause: string;
  /** What to do. */
  readonly cure: string;
  /** How often it was seen in the whole set. */
  readonly count: number;
  /** In how many traces of the set. */
  readonly traces: number;
  /** The first of these traces by id, ten at most. */
  readonly traceIds: readonly string[];
  /** The first of the spans by trace id and span id, ten at most. */
  readonly evidence: readonly Evidence[];
  /** The services that are part of it, in the order of the alphabet; of a broken pair the caller and the callee. */
  readonly services: readonly string[];
}
