// Writes attributes as OTLP/protobuf (opentelemetry/proto/common/v1/common.proto).

import type { Attributes } from '@opentelemetry/api';
import { type ByteWriter, varintSize } from './byte-writer.ts';
import {
  isWorthKnowing,
  type KnownAttribute,
  type KnownName,
  knownName,
  type Repeated,
  remember,
} from './known-attributes.ts';

/** Number of a field and its wire type, as one byte. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const tag = (field: number, wireType: number): number => (field << 3) | wireType;

const KEY_VALUE = { key: tag(1, BYTES), value: tag(2, BYTES) };
const ANY_VALUE = {
  string: tag(1, BYTES),
  bool: tag(2, VARINT),
  int: tag(3, VARINT),
  double: tag(4, FIXED64),
  array: tag(5, BYTES),
  map: tag(6, BYTES),
  bytes: tag(7, BYTES),
};
const ITEM = tag(1, BYTES);

/** Largest whole number that is written as such. */
const INT64 = 2 ** 63;
/** What a message around a text may need beside it: tags and lengths. */
const AROUND = 32;
/** Most bytes of UTF-8 for one unit of `String.length`. */
const UTF8 = 3;

/**
 * One attribute as the field `field` of the message that is being written.
 *
 * @returns the same attribute encoded, where it is remembered
 */
export function writeAttribute(
  writer: ByteWriter,
  field: number,
  name: string,
  value: unknown,
): KnownAttribute | undefined {
  writer.byte(field);
  const known = isRepeated(value) ? knownName(name) : undefined;
  if (known !== undefined) {
    const same = known.attributes.get(value as Repeated);
    if (same !== undefined) {
      writer.reserve(same.bytes.length);
      writer.raw(same.bytes);
      return same;
    }
    const start = writer.at;
    if (writeKnown(writer, known, value as Repeated))
      return learnValue(writer, known, name, value as Repeated, start);
  }
  writeKeyValue(writer, name, value);
  return undefined;
}

function writeKeyValue(writer: ByteWriter, name: string, value: unknown): void {
  const start = writer.begin();
  writer.byte(KEY_VALUE.key);
  writeText(writer, name);
  writer.byte(KEY_VALUE.value);
  writeMessage(writer, value);
  writer.end(start);
}

export function writeAttributes(writer: ByteWriter, field: number, attributes: Attributes = {}): void {
  for (const name of Object.keys(attributes)) {
    writer.reserve(AROUND);
    writeAttribute(writer, field, name, attributes[name]);
  }
}

/** A text with its length before it. */
export function writeText(writer: ByteWriter, text: string): void {
  writer.reserve(text.length * UTF8 + AROUND);
  const { at } = writer;
  writer.varint(text.length);
  if (writer.ascii(text)) return;
  writer.at = at;
  writer.varint(Buffer.byteLength(text));
  writer.utf8(text);
}

/** Texts, booleans, and whole numbers that a varint of 32 bits holds. */
function isRepeated(value: unknown): value is Repeated {
  return (
    typeof value === 'string' ||
    (typeof value === 'number' && value >>> 0 === value) ||
    typeof value === 'boolean'
  );
}

/** The attribute was written from `start` on. */
function learnValue(
  writer: ByteWriter,
  known: KnownName,
  name: string,
  value: Repeated,
  start: number,
): KnownAttribute | undefined {
  if (!isWorthKnowing(known, value)) return undefined;
  const { at, bytes } = writer;
  // Read back, because the value itself may be a slice that keeps all of a much longer text.
  const copy = typeof value === 'string' ? bytes.toString('latin1', at - value.length, at) : value;
  return remember(known, name, copy, new Uint8Array(bytes.subarray(start, at)));
}

/** False, and nothing written, for a text that is not ASCII: of all others the lengths are known beforehand. */
function writeKnown(writer: ByteWriter, { key }: KnownName, value: Repeated): boolean {
  return typeof value === 'string'
    ? writeKnownText(writer, key, value)
    : writeKnownNumber(writer, key, value);
}

function writeKnownText(writer: ByteWriter, key: Uint8Array, value: string): boolean {
  const { length } = value;
  const text = 1 + varintSize(length) + length;
  const whole = key.length + 1 + varintSize(text) + text;
  writer.reserve(whole + length * UTF8 + AROUND);
  const { at } = writer;
  writer.varint(whole);
  writer.raw(key);
  writer.byte(KEY_VALUE.value);
  writer.varint(text);
  writer.byte(ANY_VALUE.string);
  writer.varint(length);
  if (writer.ascii(value)) return true;
  writer.at = at;
  return false;
}

function writeKnownNumber(writer: ByteWriter, key: Uint8Array, value: number | boolean): boolean {
  const bits = Number(value);
  const any = 1 + varintSize(bits);
  const whole = key.length + 2 + any;
  writer.reserve(whole + AROUND);
  writer.varint(whole);
  writer.raw(key);
  writer.byte(KEY_VALUE.value);
  writer.byte(any);
  writer.byte(typeof value === 'boolean' ? ANY_VALUE.bool : ANY_VALUE.int);
  writer.varint(bits);
  return true;
}

/** An AnyValue with its length before it. */
function writeMessage(writer: ByteWriter, value: unknown): void {
  writer.reserve(AROUND);
  const start = writer.begin();
  writeValue(writer, value);
  writer.end(start);
}

function writeValue(writer: ByteWriter, value: unknown): void {
  if (typeof value === 'string') {
    writer.byte(ANY_VALUE.string);
    writeText(writer, value);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (typeof value === 'boolean') {
    writer.byte(ANY_VALUE.bool);
    writer.byte(value ? 1 : 0);
  } else if (typeof value === 'object' && value !== null) {
    writeObject(writer, value);
  }
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isInteger(value) && value >= -INT64 && value < INT64) {
    writer.byte(ANY_VALUE.int);
    writer.int64(value);
  } else {
    writer.byte(ANY_VALUE.double);
    writer.double(value);
  }
}

function writeObject(writer: ByteWriter, value: object): void {
  if (value instanceof Uint8Array) {
    writer.byte(ANY_VALUE.bytes);
    writer.reserve(value.length + AROUND);
    writer.varint(value.length);
    writer.raw(value);
    return;
  }
  writer.byte(Array.isArray(value) ? ANY_VALUE.array : ANY_VALUE.map);
  const start = writer.begin();
  if (Array.isArray(value)) for (const item of value) writeItem(writer, item);
  else writeAttributes(writer, ITEM, value as Attributes);
  writer.end(start);
}

function writeItem(writer: ByteWriter, item: unknown): void {
  writer.reserve(AROUND);
  writer.byte(ITEM);
  writeMessage(writer, item);
}
