// OTLP/JSON in: ExportTraceServiceRequest or TracesData -> the domain's spans.
import { serviceOf } from '../trace/service-name.ts';
import type { Resource, Scope, Span, SpanEvent, SpanLink, SpanStatus } from '../trace/span.ts';
import { readAttributes } from './any-value.ts';
import { readId, readOptionalId, SPAN_ID_BYTES, TRACE_ID_BYTES } from './ids.ts';
import { readKind, readStatusCode } from './otlp-enums.ts';
import {
  asObject,
  type JsonObject,
  readList,
  readObject,
  readString,
  readTimeNs,
  readUint32,
} from './read-json.ts';
import { within } from './wire-error.ts';

export { spansToOtlpJson } from './otlp-json-write.ts';

const NOTHING: JsonObject = {};
const NAMES = ['scopeSpans', 'scope'] as const;
/** What they were called before OTLP 0.15; Tempo and files of that time still have them. */
const OLD_NAMES = ['instrumentationLibrarySpans', 'instrumentationLibrary'] as const;
const UNSET: SpanStatus = { code: 'UNSET', message: '' };

function inside<T>(owner: JsonObject, key: string, read: (field: JsonObject) => T): T {
  const field = readObject(owner, key) ?? NOTHING;
  try {
    return read(field);
  } catch (error) {
    throw within(key, error);
  }
}

function readResource(json: JsonObject): Resource {
  return {
    attributes: readAttributes(json),
    droppedAttributesCount: readUint32(json, 'droppedAttributesCount'),
  };
}

function readScope(json: JsonObject): Scope {
  return {
    name: readString(json, 'name'),
    version: readString(json, 'version'),
    attributes: readAttributes(json),
    droppedAttributesCount: readUint32(json, 'droppedAttributesCount'),
  };
}

function readEvent(item: unknown): SpanEvent {
  const json = asObject(item);
  return {
    name: readString(json, 'name'),
    timeNs: readTimeNs(json, 'timeUnixNano'),
    attributes: readAttributes(json),
    droppedAttributesCount: readUint32(json, 'droppedAttributesCount'),
  };
}

function readLink(item: unknown): SpanLink {
  const json = asObject(item);
  return {
    traceId: readId(json, 'traceId', TRACE_ID_BYTES),
    spanId: readId(json, 'spanId', SPAN_ID_BYTES),
    traceState: readString(json, 'traceState'),
    attributes: readAttributes(json),
    droppedAttributesCount: readUint32(json, 'droppedAttributesCount'),
    flags: readUint32(json, 'flags'),
  };
}

function readStatus(json: JsonObject): SpanStatus {
  return json === NOTHING ? UNSET : { code: readStatusCode(json), message: readString(json, 'message') };
}

function readSpan(item: unknown, resource: Resource, scope: Scope, service: string): Span {
  const json = asObject(item);
  return {
    traceId: readId(json, 'traceId', TRACE_ID_BYTES),
    spanId: readId(json, 'spanId', SPAN_ID_BYTES),
    parentSpanId: readOptionalId(json, 'parentSpanId', SPAN_ID_BYTES),
    traceState: readString(json, 'traceState'),
    flags: readUint32(json, 'flags'),
    name: readString(json, 'name'),
    kind: readKind(json),
    startNs: readTimeNs(json, 'startTimeUnixNano'),
    endNs: readTimeNs(json, 'endTimeUnixNano'),
    attributes: readAttributes(json),
    droppedAttributesCount: readUint32(json, 'droppedAttributesCount'),
    events: readList(json, 'events', readEvent),
    droppedEventsCount: readUint32(json, 'droppedEventsCount'),
    links: readList(json, 'links', readLink),
    droppedLinksCount: readUint32(json, 'droppedLinksCount'),
    status: inside(json, 'status', readStatus),
    resource,
    scope,
    service,
  };
}

/**
 * The spans of an OTLP/JSON body, in its order (OTLP 1.x, "JSON Protobuf Encoding"): ids in hex (base64 is
 * understood too), enums as numbers or names, 64-bit integers as strings or numbers, unknown fields ignored.
 * Times are taken as they are; an absent time is 0.
 * @throws WireError with the path of the first bad value.
 */
export function spansFromOtlpJson(body: unknown): Span[] {
  const spans: Span[] = [];
  readList(asObject(body), 'resourceSpans', (resourceItem) => {
    const group = asObject(resourceItem);
    const resource = inside(group, 'resource', readResource);
    const service = serviceOf(resource);
    const [scopeSpans, scopeKey] = 'instrumentationLibrarySpans' in group ? OLD_NAMES : NAMES;
    readList(group, scopeSpans, (scopeItem) => {
      const scoped = asObject(scopeItem);
      const scope = inside(scoped, scopeKey, readScope);
      readList(scoped, 'spans', (span) => {
        spans.push(readSpan(span, resource, scope, service));
      });
    });
  });
  return spans;
}
