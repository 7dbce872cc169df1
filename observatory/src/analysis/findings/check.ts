// What a check of the doctor is: it looks at one trace after the other and says at the end what it has found.
import type { TraceAnalysis } from '../analyze-trace.ts';
import type { Case } from './case-book.ts';
import type { Finding, FindingCode, Severity } from './finding.ts';
import type { Thresholds } from './thresholds.ts';

/** What is known about the whole set when all traces were added. */
export interface SetFacts {
  readonly traces: number;
  /** When the traces were read, nanoseconds since the Unix epoch. */
  readonly nowNs: bigint;
  /** Whether the set holds every trace of its time. */
  readonly complete: boolean;
}

/** What a check had no room for, and so said nothing about. */
export interface LeftOut {
  /** `calls without an answer`. */
  readonly what: string;
  readonly count: number;
}

/** One check over one set of traces. */
export interface Check {
  /** Called once for each trace. */
  readonly look: (analysis: TraceAnalysis) => void;
  /** Called once, after the last trace. */
  readonly finish: (set: SetFacts) => readonly Finding[];
  /** Of a check that keeps things until the end: what it could not keep. */
  readonly leftOut?: () => readonly LeftOut[];
}

/** A kind of check: makes a fresh one for a set. */
export interface CheckKind {
  readonly code: FindingCode;
  readonly start: (thresholds: Thresholds) => Check;
}

/** What a check says of a case; the rest of a finding follows from the case. */
export interface Words {
  readonly severity: Severity;
  readonly sentence: string;
  readonly cause: string;
  readonly cure: string;
  readonly services: readonly string[];
}

/** A finding from a case and the words for it. */
export function findingOf(
  code: FindingCode,
  seen: Omit<Case<Readonly<Record<string, string>>>, 'parties'>,
  words: Words,
): Finding {
  const { count, traces, traceIds, evidence } = seen;
  const services = [...new Set(words.services)].sort();
  return { code, ...words, count, traces, traceIds, evidence, services };
}
