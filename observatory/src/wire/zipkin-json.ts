// Zipkin's v2 JSON in: lists of spans as `/api/v2/trace/{id}` answers and Zipkin's UI downloads -> the domain's spans.
import { serviceOf } from '../trace/service-name.ts';
import type { AttributeValue, Resource, Scope, Span, SpanEvent } from '../trace/span.ts';
import type { DecodedSpans } from './decoded-spans.ts';
import { SPAN_ID_BYTES, TRACE_ID_BYTES } from './ids.ts';
import { readJaegerId } from './jaeger-references.ts';
import { takeString } from './jaeger-tags.ts';
import { asObject, isObject, type JsonObject, readList, readObject, readString } from './read-json.ts';
import { showValue, WireError, within } from './wire-error.ts';
import { readZipkinTags, takeZipkinStatus, zipkinKind, zipkinName } from './zipkin-tags.ts';

/** `"name": {"key": "value"}`, as OpenTelemetry writes an event with attributes into an annotation. */
const EVENT_WITH_ATTRIBUTES = /^"(?<name>.*?)": (?<attributes>\{.*\})$/s;

/** Attributes that the semantic conventions put on the resource. */
const OF_RESOURCE =
  /^(telemetry\.(sdk|distro)\.|service\.(version|namespace|instance\.id)$|(host|process|os|container|k8s|deployment)\.)/;

function readMicros(owner: JsonObject, key: string): bigint | undefined {
  const value = owner[key];
  if (value === undefined || value === null || value === 0) return undefined;
  const micros = Number(value);
  if (!Number.isFinite(micros) || micros < 0) {
    const expected = `expected microseconds as a number, got ${showValue(value)}`;
    throw new WireError('ERR_LONGPOLE_WIRE_NUMBER', key, expected);
  }
  // Zipkin wants whole microseconds, but some senders write fractions.
  const whole = Math.floor(micros);
  return BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
}

function eventAttributes(json: string): Record<string, AttributeValue> | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return isObject(parsed) ? readZipkinTags(parsed) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readEvent(item: unknown): SpanEvent {
  const json = asObject(item);
  const value = readString(json, 'value');
  const timeNs = readMicros(json, 'timestamp') ?? 0n;
  const parts = EVENT_WITH_ATTRIBUTES.exec(value)?.groups;
  const attributes = parts === undefined ? undefined : eventAttributes(parts['attributes'] ?? '');
  const name = attributes === undefined ? value : (parts?.['name'] ?? value);
  return { name, timeNs, attributes: attributes ?? {}, droppedAttributesCount: 0 };
}

/** Zipkin writes service names in lower case; OpenTelemetry's exporter keeps the real one in a tag. */
function takeService(span: JsonObject, attributes: Record<string, AttributeValue>): string {
  const local = readString(readObject(span, 'localEndpoint') ?? {}, 'serviceName');
  const tagged = takeString(attributes, 'service.name');
  return tagged !== '' && (local === '' || tagged.toLowerCase() === local.toLowerCase()) ? tagged : local;
}

function addPeer(span: JsonObject, attributes: Record<string, AttributeValue>): void {
  const remote = readObject(span, 'remoteEndpoint');
  if (remote === undefined) return;
  const name = readString(remote, 'serviceName');
  if (name !== '' && !('peer.service' in attributes)) attributes['service.peer.name'] ??= name;
  const address = readString(remote, 'ipv4') || readString(remote, 'ipv6');
  if (address !== '') attributes['network.peer.address'] ??= address;
  const port = remote['port'];
  if (typeof port === 'number' && Number.isInteger(port)) attributes['network.peer.port'] ??= BigInt(port);
}

/** Objects that spans of one list share. */
class Shared {
  readonly #resources = new Map<string, Resource>();
  readonly #scopes = new Map<string, Scope>();

  /** The sender; OpenTelemetry's exporter writes what it knows of it among the span's own tags. */
  takeResource(service: string, attributes: Record<string, AttributeValue>): Resource {
    const own: Record<string, AttributeValue> = service === '' ? {} : { 'service.name': service };
    for (const [key, value] of Object.entries(attributes)) {
      if (!OF_RESOURCE.test(key)) continue;
      own[key] = value;
      delete attributes[key];
    }
    const content = JSON.stringify(own, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    const resource = this.#resources.get(content) ?? { attributes: own, droppedAttributesCount: 0 };
    this.#resources.set(content, resource);
    return resource;
  }

  takeScope(attributes: Record<string, AttributeValue>): Scope {
    const oldName = takeString(attributes, 'otel.library.name');
    const oldVersion = takeString(attributes, 'otel.library.version');
    const name = takeString(attributes, 'otel.scope.name') || oldName;
    const version = takeString(attributes, 'otel.scope.version') || oldVersion;
    const key = `${name}\n${version}`;
    const scope = this.#scopes.get(key) ?? { name, version, attributes: {}, droppedAttributesCount: 0 };
    this.#scopes.set(key, scope);
    return scope;
  }
}

/** When the span began: its timestamp, or its first annotation; `undefined` where it has neither. */
function startOf(json: JsonObject, events: readonly SpanEvent[]): bigint | undefined {
  return readMicros(json, 'timestamp') ?? events.find(({ timeNs }) => timeNs > 0n)?.timeNs;
}

function readSpan(item: unknown, shared: Shared): Span | undefined {
  const json = asObject(item);
  const events = readList(json, 'annotations', readEvent);
  const startNs = startOf(json, events);
  if (startNs === undefined) return undefined;
  const attributes = readZipkinTags(readObject(json, 'tags') ?? {});
  addPeer(json, attributes);
  const parent = json['parentId'];
  const resource = shared.takeResource(takeService(json, attributes), attributes);
  return {
    traceId: readJaegerId(json, 'traceId', TRACE_ID_BYTES),
    spanId: readJaegerId(json, 'id', SPAN_ID_BYTES),
    parentSpanId: typeof parent === 'string' ? readJaegerId(json, 'parentId', SPAN_ID_BYTES) : '',
    traceState: takeString(attributes, 'w3c.tracestate'),
    flags: 0,
    name: zipkinName(readString(json, 'name'), attributes),
    kind: zipkinKind(readString(json, 'kind')),
    startNs,
    endNs: startNs + (readMicros(json, 'duration') ?? 0n),
    status: takeZipkinStatus(attributes),
    scope: shared.takeScope(attributes),
    attributes,
    droppedAttributesCount: 0,
    events,
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource,
    service: serviceOf(resource),
  };
}

/** Whether a JSON value is a span of Zipkin's v2 format. */
export function isZipkinSpan(value: unknown): value is JsonObject {
  return isObject(value) && 'traceId' in value && 'id' in value && !('binaryAnnotations' in value);
}

/**
 * The spans of a list, or of a list of lists (Zipkin API v2): microseconds become nanoseconds, tags attributes,
 * annotations events, the `error` tag the status ERROR. Names, which Zipkin turns to lower case, get their case back
 * where an attribute has it. A span without any time cannot be placed and is counted as invalid.
 * @throws WireError with the path of the first bad value.
 */
export function spansFromZipkinJson(body: readonly unknown[]): DecodedSpans {
  const decoded: DecodedSpans = { spans: [], invalid: 0 };
  const shared = new Shared();
  body.flat().forEach((item, index) => {
    try {
      const span = readSpan(item, shared);
      if (span === undefined) decoded.invalid += 1;
      else decoded.spans.push(span);
    } catch (error) {
      throw within(`[${index}]`, error);
    }
  });
  return decoded;
}
