// OTLP's AnyValue and KeyValue in JSON <-> the domain's attribute values.
import type { AttributeMap, AttributeValue } from '../trace/span.ts';
import { toBase64 } from './base64.ts';
import { asObject, type JsonObject, readInt64, readList, readString } from './read-json.ts';
import { toBoolean, toBytes, toDouble } from './scalars.ts';
import { WireError, within } from './wire-error.ts';

/** How deep lists and maps may nest inside one attribute. */
const MAX_VALUE_DEPTH = 64;

const EMPTY: AttributeMap = Object.freeze({});

/**
 * An int64, or the double that it is when it is a number beyond 64 bits: OpenTelemetry JS writes every whole number as
 * `intValue`, 1e300 too.
 */
function readWhole(field: unknown, owner: JsonObject): AttributeValue {
  const isBeyond = typeof field === 'number' && (field >= 2 ** 63 || field < -(2 ** 63));
  return isBeyond ? field : readInt64(owner, 'intValue');
}

type Variant = (field: unknown, owner: JsonObject, depth: number) => AttributeValue;

const VARIANTS: readonly (readonly [string, Variant])[] = [
  ['stringValue', (_, owner) => readString(owner, 'stringValue')],
  ['intValue', readWhole],
  ['boolValue', toBoolean],
  ['doubleValue', toDouble],
  [
    'arrayValue',
    (field, _, depth) => readList(asObject(field), 'values', (item) => readValue(item, depth + 1)),
  ],
  ['kvlistValue', (field, _, depth) => readAttributes(asObject(field), 'values', depth + 1)],
  ['bytesValue', toBytes],
];

/** Fields whose readers name the field in their errors themselves. */
const NAMED_BY_READER = new Set(['stringValue', 'intValue']);

/**
 * One AnyValue. A value without any field set, and a null, is `null`.
 * @throws WireError on a wrong type, and `ERR_LONGPOLE_WIRE_DEPTH` below {@link MAX_VALUE_DEPTH} levels.
 */
function readValue(value: unknown, depth = 1): AttributeValue {
  if (value === undefined || value === null) return null;
  if (depth > MAX_VALUE_DEPTH) {
    throw new WireError('ERR_LONGPOLE_WIRE_DEPTH', '', `nested deeper than ${MAX_VALUE_DEPTH} levels`);
  }
  const owner = asObject(value);
  for (const [key, read] of VARIANTS) {
    const field = owner[key];
    if (field === undefined || field === null) continue;
    try {
      return read(field, owner, depth);
    } catch (error) {
      throw NAMED_BY_READER.has(key) ? error : within(key, error);
    }
  }
  return null;
}

/** Sets an own property whatever its name is: a plain assignment to `__proto__` would change the prototype. */
export function setAttribute(map: Record<string, AttributeValue>, key: string, value: AttributeValue): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The list of KeyValue in a field as a map; the last of two equal keys wins. */
export function readAttributes(owner: JsonObject, key = 'attributes', depth = 1): AttributeMap {
  const list = owner[key];
  if (list === undefined || list === null || (Array.isArray(list) && list.length === 0)) return EMPTY;
  const map: Record<string, AttributeValue> = {};
  readList(owner, key, (item) => {
    const pair = asObject(item);
    const name = readString(pair, 'key');
    try {
      setAttribute(map, name, readValue(pair['value'], depth));
    } catch (error) {
      throw within('value', error);
    }
  });
  return map;
}

/** An AnyValue in OTLP/JSON; int64 is a string, as the Protocol Buffers JSON mapping wants it. */
export type JsonValue = Readonly<Record<string, unknown>>;

function writeDouble(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

/** One attribute value as an AnyValue. */
function writeValue(value: AttributeValue): JsonValue {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: writeDouble(value) };
  if (value instanceof Uint8Array) return { bytesValue: toBase64(value) };
  if (isList(value)) return { arrayValue: { values: value.map(writeValue) } };
  return { kvlistValue: { values: writeAttributes(value) } };
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** A map as the list of KeyValue. */
export function writeAttributes(map: AttributeMap): { key: string; value: JsonValue }[] {
  return Object.entries(map).map(([key, value]) => ({ key, value: writeValue(value) }));
}
