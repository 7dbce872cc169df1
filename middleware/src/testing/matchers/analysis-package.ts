// The analysis of the optional peer package `longpole`: loaded when a matcher needs it, in the form that matcher needs.

import { LongpoleError } from '../../shared/errors.ts';
import { loadPackage } from '../../shared/load-package.ts';
import type { CapturedAttributes, CapturedSpan, CapturedTrace } from '../captured.ts';

const NAME = 'longpole/analysis';

/** A part of the critical path, by operation. */
export interface PathGroup {
  readonly kind: string;
  readonly service: string;
  readonly operation: string;
  readonly peer: string;
  readonly selfNs: bigint;
  readonly share: number;
}

export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly sentence: string;
  readonly cure: string;
  readonly evidence: readonly { readonly spanId: string }[];
}

export interface TraceAnalysis {
  readonly groups: readonly PathGroup[];
  readonly sentence: string;
}

/** What the matchers use of `longpole/analysis`. */
export interface AnalysisPackage {
  analyzeTrace(trace: object): TraceAnalysis;
  diagnose(analyses: Iterable<TraceAnalysis>, options?: object): Finding[];
  readonly FINDING_CODES: readonly string[];
}

/** @throws LongpoleError `ERR_LONGPOLE_ANALYSIS_MISSING` when the package is not installed or too old. */
export function loadAnalysis(matcher: string): AnalysisPackage {
  const loaded = tryToLoad(matcher);
  const needed = ['analyzeTrace', 'diagnose', 'FINDING_CODES'] as const;
  const lacking = needed.filter((name) => loaded[name] === undefined);
  if (lacking.length === 0) return loaded as AnalysisPackage;
  throw new LongpoleError(
    'ERR_LONGPOLE_ANALYSIS_MISSING',
    `${matcher} needs a newer \`longpole\`: the installed one has no ${lacking.join(' and no ')}. Update it to the version of @longpole/express.`,
  );
}

function tryToLoad(matcher: string): Partial<AnalysisPackage> {
  try {
    return loadPackage<Partial<AnalysisPackage>>(NAME);
  } catch (cause) {
    throw new LongpoleError(
      'ERR_LONGPOLE_ANALYSIS_MISSING',
      `${matcher} needs the package \`longpole\`, and '${NAME}' could not be loaded: ${firstLine(cause)}. ${cureOf(cause)}`,
      { cause },
    );
  }
}

function cureOf(cause: unknown): string {
  return /cannot find|not exported/i.test(firstLine(cause))
    ? 'Install it: npm install --save-dev longpole'
    : 'It needs Node.js 22.15 or newer, and the version of @longpole/express.';
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0] ?? '';
}

/** The trace in the model of `longpole`. A span that has not ended is not in a backend either and is left out. */
export function traceForAnalysis({ traceId, spans }: CapturedTrace): object {
  const resources = new Map<string, object>();
  return {
    traceId,
    spans: spans.flatMap((span) => (span.endNs === undefined ? [] : modelSpan(span, resources))),
  };
}

function modelSpan(span: CapturedSpan, resources: Map<string, object>): object {
  const { service, scope } = span;
  const resource = resources.get(service) ?? { attributes: { 'service.name': service }, ...NONE_DROPPED };
  resources.set(service, resource);
  return {
    ...span,
    parentSpanId: span.parentSpanId ?? '',
    traceState: '',
    flags: 1,
    attributes: modelAttributes(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      attributes: modelAttributes(event.attributes),
      ...NONE_DROPPED,
    })),
    links: span.links.map((link) => ({
      ...link,
      traceState: '',
      flags: 1,
      attributes: modelAttributes(link.attributes),
      ...NONE_DROPPED,
    })),
    ...NONE_DROPPED,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    resource,
    scope: { ...scope, attributes: {}, ...NONE_DROPPED },
  };
}

const NONE_DROPPED = { droppedAttributesCount: 0 };

function modelAttributes(attributes: CapturedAttributes): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, modelValue(value)]));
}

/** Whole numbers are int64 on the wire, and a bigint in the model. */
function modelValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => modelValue(item ?? null));
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}
