// The doctor: shows every trace to every check once, and gathers what they have found.
import { groupedText } from '../../trace/duration-text.ts';
import { maxNs } from '../../trace/nanoseconds.ts';
import type { TraceAnalysis } from '../analyze-trace.ts';
import { CHECKS } from './checks/index.ts';
import type { Finding } from './finding.ts';
import { type DoctorOptions, parseDoctorOptions } from './options.ts';
import { MAX_PENDING } from './pending.ts';

/** Looks at traces one by one; what it keeps in mind does not grow with them beyond fixed bounds. */
export interface Doctor {
  /** Looks at a trace, which it does not keep. The order of traces does not matter. */
  readonly add: (analysis: TraceAnalysis) => void;
  /** One sentence for each kind of thing there was no room for, with how many were not judged; mostly none. */
  readonly unjudged: () => string[];
  /** What was found: errors first, then what was seen in most traces. */
  readonly finish: () => Finding[];
}

function bySeverity(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  if (a.traces !== b.traces) return b.traces - a.traces;
  return a.code === b.code ? compareText(a.sentence, b.sentence) : compareText(a.code, b.code);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function latestEnd({ tree }: TraceAnalysis): bigint {
  return tree.nodes.reduce((latest, { span }) => maxNs(latest, span.endNs), 0n);
}

function unjudgedSentence(code: string, what: string, count: number): string {
  const kept = `the doctor keeps ${groupedText(MAX_PENDING)} of them`;
  return `${code}: ${groupedText(count)} ${what} were not judged: ${kept}; look at fewer traces at once.`;
}

/**
 * A doctor for one set of traces.
 * @throws DoctorError `ERR_LONGPOLE_DOCTOR_OPTION` on a misspelt option, code or threshold.
 */
export function createDoctor(options: DoctorOptions = {}): Doctor {
  const { codes, thresholds, nowNs, complete } = parseDoctorOptions(options);
  const checks = CHECKS.filter(({ code }) => codes.has(code)).map(({ code, start }) => ({
    code,
    ...start(thresholds),
  }));
  let traces = 0;
  let newestNs = 0n;
  const unjudgedBy = ({ code, leftOut }: (typeof checks)[number]): string[] =>
    (leftOut?.() ?? [])
      .filter(({ count }) => count > 0)
      .map(({ what, count }) => unjudgedSentence(code, what, count));
  return {
    unjudged: () => checks.flatMap(unjudgedBy),
    add: (analysis) => {
      if (analysis.tree.nodes.length === 0) return;
      traces += 1;
      newestNs = maxNs(newestNs, latestEnd(analysis));
      for (const check of checks) check.look(analysis);
    },
    finish: () => {
      const set = { traces, nowNs: nowNs ?? newestNs, complete };
      return checks.flatMap((check) => check.finish(set)).sort(bySeverity);
    },
  };
}

/**
 * What is wrong in a set of traces; nothing when it is empty or healthy.
 * @throws DoctorError `ERR_LONGPOLE_DOCTOR_OPTION` on a misspelt option, code or threshold.
 */
export function diagnose(analyses: Iterable<TraceAnalysis>, options: DoctorOptions = {}): Finding[] {
  const doctor = createDoctor(options);
  for (const analysis of analyses) doctor.add(analysis);
  return doctor.finish();
}
