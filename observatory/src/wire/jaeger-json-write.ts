// Jaeger's UI JSON out: the domain's traces as `{ data: [{ traceID, spans, processes }] }`.
import { serviceOf } from '../trace/service-name.ts';
import type { Resource, Span, SpanEvent, SpanLink, Trace } from '../trace/span.ts';
import { type JaegerTag, tagOf, tagsOf, WARNINGS_ATTRIBUTE } from './jaeger-tags.ts';

interface JaegerReference {
  refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  traceID: string;
  spanID: string;
}

interface JaegerSpan {
  traceID: string;
  spanID: string;
  flags?: number;
  operationName: string;
  references: JaegerReference[];
  /** Microseconds since the Unix epoch. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: JaegerTag[];
  logs: { timestamp: number; fields: JaegerTag[] }[];
  processID: string;
  warnings: string[] | null;
}

interface JaegerProcess {
  serviceName: string;
  tags: JaegerTag[];
}

interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, JaegerProcess>;
  warnings: string[] | null;
}

/** The envelope of Jaeger's `/api/traces` answers. */
export interface JaegerTraces {
  data: JaegerTrace[];
  total: number;
  limit: number;
  offset: number;
  errors: null;
}

const TRACE_FLAGS = 0xff;

function toMicros(ns: bigint): number {
  return Number(ns / 1000n);
}

function linkReference(link: SpanLink): JaegerReference {
  const isChild = link.attributes['opentracing.ref_type'] === 'child_of';
  return { refType: isChild ? 'CHILD_OF' : 'FOLLOWS_FROM', traceID: link.traceId, spanID: link.spanId };
}

function referencesOf(span: Span): JaegerReference[] {
  const parent: JaegerReference = { refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId };
  return [...(span.parentSpanId === '' ? [] : [parent]), ...span.links.map(linkReference)];
}

function textTag(key: string, value: string): JaegerTag[] {
  return value === '' ? [] : [{ key, type: 'string', value }];
}

function spanTags(span: Span): JaegerTag[] {
  const { code, message } = span.status;
  return [
    ...textTag('otel.scope.name', span.scope.name),
    ...textTag('otel.scope.version', span.scope.version),
    ...tagsOf(span.attributes).filter((tag) => tag.key !== WARNINGS_ATTRIBUTE),
    ...textTag('span.kind', span.kind === 'UNSPECIFIED' ? '' : span.kind.toLowerCase()),
    ...textTag('otel.status_code', code === 'UNSET' ? '' : code),
    ...(code === 'ERROR' ? [tagOf('error', true)] : []),
    ...textTag('otel.status_description', message),
    ...textTag('w3c.tracestate', span.traceState),
  ];
}

function warningsOf(span: Span): string[] | null {
  const value = span.attributes[WARNINGS_ATTRIBUTE];
  if (value === undefined) return null;
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function writeLog(event: SpanEvent): { timestamp: number; fields: JaegerTag[] } {
  const fields = [...textTag('event', event.name), ...tagsOf(event.attributes)];
  return { timestamp: toMicros(event.timeNs), fields };
}

function writeSpan(span: Span, processID: string): JaegerSpan {
  const flags = span.flags & TRACE_FLAGS;
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    ...(flags !== 0 && { flags }),
    operationName: span.name,
    references: referencesOf(span),
    startTime: toMicros(span.startNs),
    duration: span.endNs > span.startNs ? toMicros(span.endNs - span.startNs) : 0,
    tags: spanTags(span),
    logs: span.events.map(writeLog),
    processID,
    warnings: warningsOf(span),
  };
}

function writeProcess(resource: Resource): JaegerProcess {
  const tags = tagsOf(resource.attributes).filter((tag) => tag.key !== 'service.name');
  return { serviceName: serviceOf(resource), tags };
}

function writeTrace(trace: Trace): JaegerTrace {
  const processes: Record<string, JaegerProcess> = {};
  const byResource = new Map<Resource, string>();
  const byContent = new Map<string, string>();
  const idOf = (resource: Resource): string => {
    const known = byResource.get(resource);
    if (known !== undefined) return known;
    const process = writeProcess(resource);
    const content = JSON.stringify(process);
    const id = byContent.get(content) ?? `p${byContent.size + 1}`;
    processes[id] = process;
    byContent.set(content, id);
    byResource.set(resource, id);
    return id;
  };
  const spans = trace.spans.map((span) => writeSpan(span, idOf(span.resource)));
  return { traceID: trace.traceId, spans, processes, warnings: null };
}

/**
 * Traces as Jaeger's query service answers them, with the conventions of the Collector's Jaeger translator.
 * Jaeger's clock is microseconds: nanoseconds are cut off.
 */
export function tracesToJaegerJson(traces: readonly Trace[]): JaegerTraces {
  return { data: traces.map(writeTrace), total: 0, limit: 0, offset: 0, errors: null };
}
