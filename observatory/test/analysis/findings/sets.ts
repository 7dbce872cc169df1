// Handmade traces for the doctor: short ids, times in milliseconds, one trace id for each letter.
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { type DoctorOptions, diagnose, type FindingCode } from '../../../src/analysis/findings/index.ts';
import type { AttributeMap, Span, SpanLink } from '../../../src/trace/span.ts';
import { makeSpan, spanId } from '../../trace/draw.ts';

type Part = Parameters<typeof makeSpan>[0];

export const FAILED: Span['status'] = { code: 'ERROR', message: '' };
/** Long after everything. */
export const LATER = 2n ** 62n;

/** The trace id that `trace(letter, …)` uses. */
export function traceIdOf(letter: string): string {
  return letter.repeat(32);
}

/** A trace of the given spans; `letter` is a hex digit. */
export function trace(letter: string, ...parts: readonly Part[]): TraceAnalysis {
  const traceId = traceIdOf(letter);
  return analyzeTrace({ traceId, spans: parts.map((part) => makeSpan({ ...part, traceId })) });
}

/** A link to a span of another trace, with the flags of OTLP. */
export function linkTo(letter: string, id: string, flags = 0x301, attributes: AttributeMap = {}): SpanLink {
  const rest = { traceState: '', droppedAttributesCount: 0 };
  return { ...rest, traceId: traceIdOf(letter), spanId: spanId(id), flags, attributes };
}

export function http(method: string, status: number, more: AttributeMap = {}): AttributeMap {
  return { 'http.request.method': method, 'http.response.status_code': BigInt(status), ...more };
}

/** The sentences of the findings with this code. */
export function sentences(
  code: FindingCode,
  analyses: readonly TraceAnalysis[],
  options: DoctorOptions = {},
): string[] {
  return diagnose(analyses, { only: [code], ...options }).map(({ sentence }) => sentence);
}

/** Codes of everything that is found in a complete set, long after. */
export function codesIn(...analyses: readonly TraceAnalysis[]): string[] {
  return diagnose(analyses, { complete: true, nowNs: LATER }).map(({ code }) => code);
}
