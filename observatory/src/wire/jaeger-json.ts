// Jaeger's UI JSON in: what `/api/traces` answers and Jaeger UI downloads -> the domain's traces.
import { serviceOf, UNKNOWN_SERVICE } from '../trace/service-name.ts';
import type { AttributeValue, Resource, Scope, Span, SpanEvent, Trace } from '../trace/span.ts';
import { setAttribute } from './any-value.ts';
import { SPAN_ID_BYTES, TRACE_ID_BYTES } from './ids.ts';
import { linksOf, parentOf, readJaegerId, readReference } from './jaeger-references.ts';
import { readTags, takeKind, takeStatus, takeString, WARNINGS_ATTRIBUTE } from './jaeger-tags.ts';
import {
  asObject,
  isObject,
  type JsonObject,
  readList,
  readObject,
  readString,
  readUint32,
} from './read-json.ts';
import { showValue, WireError, within } from './wire-error.ts';

export { tracesToJaegerJson } from './jaeger-json-write.ts';

const NO_SERVICE_NAMES = new Set(['', 'OTLPResourceNoServiceName', UNKNOWN_SERVICE]);

function readMicros(owner: JsonObject, key: string): bigint {
  const value = owner[key] ?? 0;
  const micros = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof micros !== 'number' || !Number.isFinite(micros) || micros < 0) {
    const got = showValue(value);
    throw new WireError('ERR_LONGPOLE_WIRE_NUMBER', key, `expected microseconds as a number, got ${got}`);
  }
  const whole = Math.floor(micros);
  return BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
}

function readEvent(item: unknown): SpanEvent {
  const json = asObject(item);
  const attributes = readTags(json, 'fields');
  const name = takeString(attributes, 'event');
  return { name, timeNs: readMicros(json, 'timestamp'), attributes, droppedAttributesCount: 0 };
}

function readProcess(json: JsonObject): Resource {
  const attributes: Record<string, AttributeValue> = {};
  const name = readString(json, 'serviceName');
  if (!NO_SERVICE_NAMES.has(name)) attributes['service.name'] = name;
  for (const [key, value] of Object.entries(readTags(json, 'tags'))) setAttribute(attributes, key, value);
  return { attributes, droppedAttributesCount: 0 };
}

function readProcesses(trace: JsonObject): Map<string, Resource> {
  const processes = new Map<string, Resource>();
  for (const [id, json] of Object.entries(readObject(trace, 'processes') ?? {})) {
    try {
      processes.set(id, readProcess(asObject(json)));
    } catch (error) {
      throw within(`processes.${id}`, error);
    }
  }
  return processes;
}

function resourceOf(span: JsonObject, processes: ReadonlyMap<string, Resource>): Resource {
  const own = readObject(span, 'process');
  if (own !== undefined) return readProcess(own);
  return processes.get(readString(span, 'processID')) ?? { attributes: {}, droppedAttributesCount: 0 };
}

function takeScope(attributes: Record<string, AttributeValue>, scopes: Map<string, Scope>): Scope {
  const name = takeString(attributes, 'otel.scope.name') || takeString(attributes, 'otel.library.name');
  const version =
    takeString(attributes, 'otel.scope.version') || takeString(attributes, 'otel.library.version');
  const key = JSON.stringify([name, version]);
  const known = scopes.get(key);
  if (known !== undefined) return known;
  const scope: Scope = { name, version, attributes: {}, droppedAttributesCount: 0 };
  scopes.set(key, scope);
  return scope;
}

type Attributes = Record<string, AttributeValue>;

function readAttributes(json: JsonObject): Attributes {
  const attributes = readTags(json, 'tags');
  const warnings = json['warnings'];
  if (Array.isArray(warnings) && warnings.length > 0) attributes[WARNINGS_ATTRIBUTE] = warnings.map(String);
  return attributes;
}

function readSpan(item: unknown, processes: ReadonlyMap<string, Resource>, scopes: Map<string, Scope>): Span {
  const json = asObject(item);
  const traceId = readJaegerId(json, 'traceID', TRACE_ID_BYTES);
  const references = readList(json, 'references', readReference);
  const parentSpanId = parentOf(json, references, traceId);
  const attributes = readAttributes(json);
  const kind = takeKind(attributes);
  const startNs = readMicros(json, 'startTime');
  const resource = resourceOf(json, processes);
  return {
    traceId,
    spanId: readJaegerId(json, 'spanID', SPAN_ID_BYTES),
    parentSpanId,
    traceState: takeString(attributes, 'w3c.tracestate'),
    flags: readUint32(json, 'flags'),
    name: readString(json, 'operationName'),
    kind,
    startNs,
    endNs: startNs + readMicros(json, 'duration'),
    status: takeStatus(attributes, kind),
    scope: takeScope(attributes, scopes),
    attributes,
    droppedAttributesCount: 0,
    events: readList(json, 'logs', readEvent),
    droppedEventsCount: 0,
    links: linksOf(references, traceId, parentSpanId),
    droppedLinksCount: 0,
    resource,
    service: serviceOf(resource),
  };
}

function readTrace(item: unknown): Trace {
  const json = asObject(item);
  const processes = readProcesses(json);
  const scopes = new Map<string, Scope>();
  const spans = readList(json, 'spans', (span) => readSpan(span, processes, scopes));
  const traceId = spans[0]?.traceId ?? readJaegerId(json, 'traceID', TRACE_ID_BYTES);
  return { traceId, spans };
}

/**
 * The traces of Jaeger's UI JSON: an answer `{ data: [...] }` or one bare trace. Ids may lack leading zeros,
 * the parent is the first reference into the same trace, the tags of the Collector's Jaeger translator become
 * kind, status, scope and trace state again, and Jaeger's warnings the attribute `@jaeger@warnings`.
 * @throws WireError with the path of the first bad value.
 */
export function tracesFromJaegerJson(body: unknown): Trace[] {
  if (isObject(body) && Array.isArray(body['spans'])) return [readTrace(body)];
  return [...readList(asObject(body), 'data', readTrace)];
}
