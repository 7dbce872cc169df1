// Remembers encoded attributes that come again and again, because copying one is cheaper than encoding it.

/** A value that is remembered. */
export type Repeated = string | number | boolean;

/** A whole attribute, as a KeyValue with its length before it. */
export interface KnownAttribute {
  readonly name: string;
  readonly value: Repeated;
  readonly bytes: Uint8Array;
}

/** A name that comes again and again. */
export interface KnownName {
  /** The field `key` of KeyValue, with its length before it. */
  readonly key: Uint8Array;
  /** By the first few values that there were. */
  readonly attributes: Map<Repeated, KnownAttribute>;
}

/** Tag of the field `key` of KeyValue (opentelemetry/proto/common/v1/common.proto). */
const KEY = 0x0a;
const MOST_NAMES = 1024;
const LONGEST_NAME = 64;
const MOST_VALUES = 8;
const LONGEST_TEXT = 64;

/** Most bytes of a known attribute: two texts, and their tags and lengths. */
export const LONGEST_KNOWN: number = LONGEST_NAME + LONGEST_TEXT + 16;

const names = new Map<string, KnownName>();

/** `undefined` for a name that is too long, or one too many, to be remembered. */
export function knownName(name: string): KnownName | undefined {
  return names.get(name) ?? learn(name);
}

function learn(name: string): KnownName | undefined {
  if (name.length > LONGEST_NAME || names.size >= MOST_NAMES) return undefined;
  const text = Buffer.from(name);
  if (text.length > LONGEST_NAME) return undefined;
  const key = new Uint8Array([KEY, text.length, ...text]);
  const known = { key, attributes: new Map<Repeated, KnownAttribute>() };
  names.set(name, known);
  return known;
}

/** Whether an attribute with the value is to be remembered under its name. */
export function isWorthKnowing({ attributes }: KnownName, value: Repeated): boolean {
  return attributes.size < MOST_VALUES && (typeof value !== 'string' || value.length <= LONGEST_TEXT);
}

/** @param value nothing that holds on to a longer text, as a part that was cut out of one does */
export function remember(known: KnownName, name: string, value: Repeated, bytes: Uint8Array): KnownAttribute {
  const attribute = { name, value, bytes };
  known.attributes.set(value, attribute);
  return attribute;
}
