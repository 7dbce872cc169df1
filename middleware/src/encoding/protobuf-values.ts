// Writes attributes as OTLP/protobuf (opentelemetry/proto/common/v1/common.proto).

import type { Attributes } from '@opentelemetry/api';
import { type ByteWriter, varintSize } from './byte-writer.ts';

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

/** One attribute as the field `field` of the message that is being written. */
export function writeAttribute(writer: ByteWriter, field: number, name: string, value: unknown): void {
  writer.byte(field);
  if (typeof value === 'string' && writeTextAttribute(writer, name, value)) return;
  if (isSmall(value) && writeSmallAttribute(writer, name, value)) return;
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

/** A name that comes again and again. */
interface KnownName {
  /** The field `key` of KeyValue, with its length before it. */
  readonly key: Uint8Array;
  /** Whole attributes with their length before them, by the first few values that there were. */
  readonly texts: Map<string, Uint8Array>;
}

const names = new Map<string, KnownName>();
const MOST_NAMES = 1024;
const LONGEST_NAME = 64;
const MOST_TEXTS = 8;
const LONGEST_TEXT = 64;

/** All lengths of an attribute whose value is ASCII are known beforehand. False, and nothing written, for any other. */
function writeTextAttribute(writer: ByteWriter, name: string, value: string): boolean {
  const known = names.get(name) ?? learn(name);
  if (known === undefined) return false;
  const { key, texts } = known;
  const same = texts.get(value);
  if (same !== undefined) {
    writer.reserve(same.length);
    writer.raw(same);
    return true;
  }
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
  if (!writer.ascii(value)) {
    writer.at = at;
    return false;
  }
  if (texts.size < MOST_TEXTS && length <= LONGEST_TEXT) {
    // Read back, because the value itself may be a slice that keeps all of a much longer text.
    const copy = writer.bytes.toString('latin1', writer.at - length, writer.at);
    texts.set(copy, new Uint8Array(writer.bytes.subarray(at, writer.at)));
  }
  return true;
}

/** Whole numbers that a varint of 32 bits holds, and booleans. */
function isSmall(value: unknown): value is number | boolean {
  return typeof value === 'boolean' || (typeof value === 'number' && value >>> 0 === value);
}

/** The same for what is a single varint. */
function writeSmallAttribute(writer: ByteWriter, name: string, value: number | boolean): boolean {
  const known = names.get(name) ?? learn(name);
  if (known === undefined) return false;
  const { key } = known;
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

function learn(name: string): KnownName | undefined {
  if (name.length > LONGEST_NAME || names.size >= MOST_NAMES) return undefined;
  const text = Buffer.from(name);
  const key = Buffer.concat([Buffer.from([KEY_VALUE.key]), lengthOf(text), text]);
  const known = { key, texts: new Map<string, Uint8Array>() };
  names.set(name, known);
  return known;
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  return length < 0x80 ? Buffer.from([length]) : Buffer.from([(length & 0x7f) | 0x80, length >>> 7]);
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
