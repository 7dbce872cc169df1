// toHaveNoFindings(): the doctor of the package `longpole` finds nothing wrong with the trace.

import { isArrayOf, isOneOf, isRecord } from '../../options/checks.ts';
import { nearest, parseOptions } from '../../options/parse-options.ts';
import type { Mark } from '../drawing/draw-trace.ts';
import type { TraceView } from '../view/trace-view.ts';
import { type AnalysisPackage, type Finding, loadAnalysis, traceForAnalysis } from './analysis-package.ts';
import { givenTrace } from './given-trace.ts';
import { type MatcherResult, plural, result } from './result.ts';

const OWNER = 'toHaveNoFindings()';

export interface FindingsOptions {
  /** Codes of findings that may be there, such as `'n-plus-one'`. */
  readonly except?: readonly string[];
  /** Codes that alone are looked for. */
  readonly only?: readonly string[];
  /** Numbers from which on something is a finding, as `diagnose()` of `longpole/analysis` takes them. */
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** The codes are those of docs/findings.md. Needs the package `longpole`. @throws LongpoleError `ERR_LONGPOLE_ANALYSIS_MISSING` */
export function toHaveNoFindings(received: unknown, options?: FindingsOptions): MatcherResult {
  const view = givenTrace(OWNER, received);
  const doctor = loadAnalysis(OWNER);
  checkOptions(doctor, options);
  const { thresholds, only, except = [] } = options ?? {};
  const analysis = doctor.analyzeTrace(traceForAnalysis(view.trace));
  const wanted = (code: string) => !except.includes(code) && (only?.includes(code) ?? true);
  const findings = doctor
    .diagnose([analysis], thresholds === undefined ? {} : { thresholds })
    .filter(({ code }) => wanted(code));
  const pass = findings.length === 0;
  const call = { matcher: 'toHaveNoFindings', args: [options] };
  const say = () => (pass ? ['Expected a finding, but there is none.'] : sayFindings(findings));
  return result(call, view, { pass, say, marks: () => marksOf(view, findings) });
}

function checkOptions({ FINDING_CODES }: AnalysisPackage, options: FindingsOptions | undefined): void {
  const isCode = (value: unknown) => {
    if (FINDING_CODES.includes(value as string)) return undefined;
    const near = typeof value === 'string' ? nearest(value, FINDING_CODES) : undefined;
    return near === undefined
      ? isOneOf(...FINDING_CODES)(value)
      : `no finding has that code. Did you mean '${near}'?`;
  };
  parseOptions(OWNER, options, { except: isArrayOf(isCode), only: isArrayOf(isCode), thresholds: isRecord });
}

function sayFindings(findings: readonly Finding[]): string[] {
  const said = findings.flatMap(({ code, sentence, cure }) => [`${code}: ${sentence}`, `  ${cure}`]);
  return [`${plural(findings.length, 'finding')}:`, ...said];
}

function marksOf(view: TraceView, findings: readonly Finding[]): Mark[] {
  const codes = new Map<string, string[]>();
  for (const { code, evidence } of findings) {
    for (const { spanId } of evidence) codes.set(spanId, [...(codes.get(spanId) ?? []), code]);
  }
  return view.nodes.flatMap((node) => {
    const notes = codes.get(node.span.spanId);
    return notes === undefined ? [] : [{ node, sign: '✗' as const, notes: [[...new Set(notes)].join(', ')] }];
  });
}
