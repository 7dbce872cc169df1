// OTLP/JSON out: the domain's spans -> TracesData, grouped by resource and scope.
import type { Resource, Scope, Span, SpanEvent, SpanLink } from '../trace/span.ts';
import { type JsonValue, writeAttributes } from './any-value.ts';
import { kindNumber, statusNumber } from './otlp-enums.ts';

type JsonAttributes = { key: string; value: JsonValue }[];

interface OtlpSpan {
  traceId: string;
  spanId: string;
  traceState?: string;
  parentSpanId?: string;
  flags?: number;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: JsonAttributes;
  droppedAttributesCount?: number;
  events?: object[];
  droppedEventsCount?: number;
  links?: object[];
  droppedLinksCount?: number;
  status: { code?: number; message?: string };
}

interface OtlpScopeSpans {
  scope: { name: string; version?: string; attributes?: JsonAttributes; droppedAttributesCount?: number };
  spans: OtlpSpan[];
}

export interface OtlpResourceSpans {
  resource: { attributes: JsonAttributes; droppedAttributesCount?: number };
  scopeSpans: OtlpScopeSpans[];
}

function attributesOf(owner: { attributes: Resource['attributes']; droppedAttributesCount: number }): {
  attributes?: JsonAttributes;
  droppedAttributesCount?: number;
} {
  const attributes = writeAttributes(owner.attributes);
  return {
    ...(attributes.length > 0 && { attributes }),
    ...(owner.droppedAttributesCount > 0 && { droppedAttributesCount: owner.droppedAttributesCount }),
  };
}

function writeEvent(event: SpanEvent): object {
  return { timeUnixNano: String(event.timeNs), name: event.name, ...attributesOf(event) };
}

function writeLink(link: SpanLink): object {
  return {
    traceId: link.traceId,
    spanId: link.spanId,
    ...(link.traceState !== '' && { traceState: link.traceState }),
    ...attributesOf(link),
    ...(link.flags !== 0 && { flags: link.flags }),
  };
}

function writeSpan(span: Span): OtlpSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.traceState !== '' && { traceState: span.traceState }),
    ...(span.parentSpanId !== '' && { parentSpanId: span.parentSpanId }),
    ...(span.flags !== 0 && { flags: span.flags }),
    name: span.name,
    kind: kindNumber(span.kind),
    startTimeUnixNano: String(span.startNs),
    endTimeUnixNano: String(span.endNs),
    ...attributesOf(span),
    ...(span.events.length > 0 && { events: span.events.map(writeEvent) }),
    ...(span.droppedEventsCount > 0 && { droppedEventsCount: span.droppedEventsCount }),
    ...(span.links.length > 0 && { links: span.links.map(writeLink) }),
    ...(span.droppedLinksCount > 0 && { droppedLinksCount: span.droppedLinksCount }),
    status: {
      ...(span.status.code !== 'UNSET' && { code: statusNumber(span.status.code) }),
      ...(span.status.message !== '' && { message: span.status.message }),
    },
  };
}

function newScopeGroup(scope: Scope): OtlpScopeSpans {
  const version = scope.version === '' ? {} : { version: scope.version };
  return { scope: { name: scope.name, ...version, ...attributesOf(scope) }, spans: [] };
}

function newResourceGroup(resource: Resource): OtlpResourceSpans {
  return { resource: { attributes: [], ...attributesOf(resource) }, scopeSpans: [] };
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: (key: K) => V, onNew: (value: V) => void): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make(key);
  map.set(key, made);
  onNew(made);
  return made;
}

/**
 * Spans as OTLP/JSON TracesData. Spans that share a resource object and a scope object share a group;
 * absent, empty and zero fields are left out, as the Protocol Buffers JSON mapping does.
 */
export function spansToOtlpJson(spans: readonly Span[]): { resourceSpans: OtlpResourceSpans[] } {
  const resourceSpans: OtlpResourceSpans[] = [];
  const byResource = new Map<Resource, OtlpResourceSpans>();
  const byScope = new Map<OtlpResourceSpans, Map<Scope, OtlpScopeSpans>>();
  for (const span of spans) {
    const group = getOrAdd(byResource, span.resource, newResourceGroup, (made) => resourceSpans.push(made));
    const scopes = getOrAdd(
      byScope,
      group,
      () => new Map<Scope, OtlpScopeSpans>(),
      () => undefined,
    );
    getOrAdd(scopes, span.scope, newScopeGroup, (made) => group.scopeSpans.push(made)).spans.push(
      writeSpan(span),
    );
  }
  return { resourceSpans };
}
