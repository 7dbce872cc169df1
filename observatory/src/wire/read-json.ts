// Readers of single JSON values: each returns a checked value or throws a WireError that names the field.
import { showValue, WireError, type WireErrorCode, within } from './wire-error.ts';

/** A JSON object of unknown fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

const NO_ITEMS: readonly never[] = [];
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;
const INTEGER = /^-?\d{1,20}$/;

function wrong(code: WireErrorCode, key: string, expected: string, value: unknown): WireError {
  return new WireError(code, key, `expected ${expected}, got ${showValue(value)}`);
}

/** Whether `value` is a JSON object (no list, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` itself when it is a JSON object; throws otherwise. */
export function asObject(value: unknown): JsonObject {
  if (!isObject(value)) throw wrong('ERR_LONGPOLE_WIRE_TYPE', '', 'an object', value);
  return value;
}

/** The object in a field; an absent or null field is `undefined`. */
export function readObject(owner: JsonObject, key: string): JsonObject | undefined {
  const value = owner[key];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrong('ERR_LONGPOLE_WIRE_TYPE', key, 'an object', value);
  return value;
}

/** Every item of the list in a field through `read`; an absent or null field is an empty list. */
export function readList<T>(owner: JsonObject, key: string, read: (item: unknown) => T): readonly T[] {
  const value = owner[key];
  if (value === undefined || value === null) return NO_ITEMS;
  if (!Array.isArray(value)) throw wrong('ERR_LONGPOLE_WIRE_TYPE', key, 'a list', value);
  const items: T[] = [];
  try {
    while (items.length < value.length) items.push(read(value[items.length]));
  } catch (error) {
    throw within(`${key}[${items.length}]`, error);
  }
  return items;
}

/** The string in a field; absent or null is `fallback`. */
export function readString(owner: JsonObject, key: string, fallback = ''): string {
  const value = owner[key];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'string') throw wrong('ERR_LONGPOLE_WIRE_TYPE', key, 'a string', value);
  return value;
}

function toInteger(key: string, value: unknown, min: bigint, max: bigint): bigint {
  const isWritten = typeof value === 'string' && INTEGER.test(value);
  const isCounted = typeof value === 'number' && Number.isInteger(value);
  if (!isWritten && !isCounted) {
    throw wrong('ERR_LONGPOLE_WIRE_NUMBER', key, 'an integer as a string or number', value);
  }
  const integer = BigInt(value);
  if (integer < min || integer > max) {
    throw wrong('ERR_LONGPOLE_WIRE_NUMBER', key, `an integer from ${min} to ${max}`, value);
  }
  return integer;
}

/** A signed 64-bit integer written as a string or a number (Protocol Buffers JSON mapping, int64). */
export function readInt64(owner: JsonObject, key: string): bigint {
  return toInteger(key, owner[key], MIN_INT64, MAX_INT64);
}

/** Nanoseconds since the Unix epoch, as a string or a number; absent or null is 0. */
export function readTimeNs(owner: JsonObject, key: string): bigint {
  const value = owner[key];
  return value === undefined || value === null ? 0n : toInteger(key, value, 0n, MAX_UINT64);
}

/** An unsigned 32-bit integer, as a number or a string; absent or null is 0. */
export function readUint32(owner: JsonObject, key: string): number {
  const value = owner[key];
  return value === undefined || value === null ? 0 : Number(toInteger(key, value, 0n, 0xffff_ffffn));
}
