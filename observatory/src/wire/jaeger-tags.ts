// Jaeger's typed tags <-> the domain's attributes, and the tags by which Jaeger carries OpenTelemetry's own fields.
import type { AttributeMap, AttributeValue, SpanKind, SpanStatus } from '../trace/span.ts';
import { setAttribute } from './any-value.ts';
import { toBase64 } from './base64.ts';
import { asObject, type JsonObject, readInt64, readList, readString } from './read-json.ts';
import { toBytes, toDouble } from './scalars.ts';
import { within } from './wire-error.ts';

/** A tag of Jaeger's UI JSON. */
export interface JaegerTag {
  key: string;
  type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  value: string | boolean | number;
}

/** The attribute in which Jaeger keeps its warnings about a span. */
export const WARNINGS_ATTRIBUTE = '@jaeger@warnings';

const KIND_WORDS: readonly SpanKind[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

function plain(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return toBase64(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** One attribute as a tag; lists and maps become their JSON text, an int64 outside of 2^53 a string. */
export function tagOf(key: string, value: AttributeValue): JaegerTag {
  switch (typeof value) {
    case 'string':
      return { key, type: 'string', value };
    case 'boolean':
      return { key, type: 'bool', value };
    case 'number':
      return { key, type: 'float64', value: Number.isFinite(value) ? value : String(value) };
    case 'bigint':
      return { key, type: 'int64', value: plain(value) as number | string };
  }
  if (value instanceof Uint8Array) return { key, type: 'binary', value: toBase64(value) };
  return { key, type: 'string', value: value === null ? '' : JSON.stringify(plain(value)) };
}

/** All attributes as tags, in their order. */
export function tagsOf(attributes: AttributeMap): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]) => tagOf(key, value));
}

function readAs<T>(tag: JsonObject, read: (value: unknown) => T): T {
  try {
    return read(tag['value']);
  } catch (error) {
    throw within('value', error);
  }
}

function readTagValue(tag: JsonObject): AttributeValue {
  const value = tag['value'];
  switch (readString(tag, 'type')) {
    case 'bool':
      return value === true || value === 'true';
    case 'int64':
      return readInt64(tag, 'value');
    case 'float64':
      return readAs(tag, toDouble);
    case 'binary':
      return readAs(tag, toBytes);
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  return value === undefined ? null : JSON.stringify(value);
}

/** The tags in a field as attributes; of equal keys the last one wins. */
export function readTags(owner: JsonObject, key: string): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  readList(owner, key, (item) => {
    const tag = asObject(item);
    setAttribute(attributes, readString(tag, 'key'), readTagValue(tag));
  });
  return attributes;
}

/** Removes an attribute and returns it when it is a string; anything else is the empty string. */
export function takeString(attributes: Record<string, AttributeValue>, key: string): string {
  const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  delete attributes[key];
  return typeof value === 'string' ? value : '';
}

/** Removes `span.kind` and returns what it says. */
export function takeKind(attributes: Record<string, AttributeValue>): SpanKind {
  const word = takeString(attributes, 'span.kind').toUpperCase();
  return KIND_WORDS.find((kind) => kind === word) ?? 'UNSPECIFIED';
}

function isHttpFailure(attributes: AttributeMap, kind: SpanKind): boolean {
  const status = Number(attributes['http.status_code'] ?? 0);
  return status >= 500 || (status >= 400 && kind === 'CLIENT');
}

/**
 * Removes the tags that carry a status and returns it: a true `error` tag first, then `otel.status_code`,
 * then the HTTP status of OpenTracing clients (4xx is an error only for the CLIENT).
 */
export function takeStatus(attributes: Record<string, AttributeValue>, kind: SpanKind): SpanStatus {
  const code = takeString(attributes, 'otel.status_code').toUpperCase();
  const message = takeString(attributes, 'otel.status_description');
  const error = attributes['error'];
  if (error === true || error === 'true') {
    delete attributes['error'];
    return { code: 'ERROR', message };
  }
  if (code === 'OK' || code === 'ERROR') return { code, message };
  return { code: isHttpFailure(attributes, kind) ? 'ERROR' : 'UNSET', message };
}
