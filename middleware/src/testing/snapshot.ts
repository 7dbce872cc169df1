// Makes plain data of a trace as it is now.

import { type Attributes, type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { appServiceOf } from '../shaping/index.ts';
import { UNNAMED_SERVICE } from './capture-options.ts';
import type {
  CapturedAttributes,
  CapturedNode,
  CapturedSpan,
  CapturedSpanKind,
  CapturedTrace,
  InFlight,
} from './captured.ts';
import type { SpanRecord, TraceRecord } from './trace-record.ts';

export function snapshotOf(trace: TraceRecord): CapturedTrace {
  const records = [...trace.spans.values()].filter(({ state }) => state !== 'left_out');
  const spans = records.map(captured);
  return {
    traceId: trace.traceId,
    spans,
    roots: nodesOf(spans),
    services: [...new Set(spans.map(({ service }) => service))],
    isComplete: trace.open === 0,
    inFlight: inFlightOf(trace, spans),
  };
}

function captured({ span, state, processName }: SpanRecord): CapturedSpan {
  const { traceId, spanId } = span.spanContext();
  const { status, events, links, instrumentationScope: scope } = span;
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: SpanKind[span.kind] as CapturedSpanKind,
    service: serviceOf(span, processName),
    startNs: toNs(span.startTime),
    endNs: state === 'open' ? undefined : toNs(span.endTime),
    status: { code: codeName(status.code), message: status.message ?? '' },
    attributes: plain(span.attributes),
    events: events.map(({ name, time, attributes }) => ({
      name,
      timeNs: toNs(time),
      attributes: plain(attributes),
    })),
    links: links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: plain(attributes),
    })),
    scope: { name: scope.name, version: scope.version ?? '' },
  };
}

/** The application's name is known from the first middleware on, also for a span that has not ended. */
function serviceOf(span: ReadableSpan, processName = UNNAMED_SERVICE): string {
  const name = appServiceOf(span.spanContext()) ?? String(span.resource.attributes[ATTR_SERVICE_NAME]);
  return name === UNNAMED_SERVICE ? processName : name;
}

function codeName(code: SpanStatusCode): 'UNSET' | 'OK' | 'ERROR' {
  return SpanStatusCode[code] as 'UNSET' | 'OK' | 'ERROR';
}

function plain(attributes: Attributes = {}): CapturedAttributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null);
  return structuredClone(Object.fromEntries(entries)) as CapturedAttributes;
}

function toNs([seconds, nanos]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

function nodesOf(spans: readonly CapturedSpan[]): CapturedNode[] {
  const nodes = new Map(spans.map((span) => [span.spanId, { span, children: [] as CapturedNode[] }]));
  const roots: CapturedNode[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parentSpanId ?? '');
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

function inFlightOf(trace: TraceRecord, spans: readonly CapturedSpan[]): InFlight[] {
  const jobs = new Set(trace.jobsToCome());
  return spans.flatMap(({ endNs, ...span }) => [
    ...(endNs === undefined ? [inFlight('span', span)] : []),
    ...(jobs.has(span.spanId) ? [inFlight('job', span)] : []),
  ]);
}

function inFlight(what: InFlight['what'], span: Omit<InFlight, 'what'>): InFlight {
  const { spanId, name, kind, service } = span;
  return { what, spanId, name, kind, service };
}
