// JSON values that are a boolean, a double or bytes, with the spellings that JSON has for them.
import { fromBase64 } from './base64.ts';
import { showValue, WireError } from './wire-error.ts';

const NAMED_NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** `value` when it is true or false; throws a `WireError` with an empty path otherwise, as all of these do. */
export function toBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new WireError('ERR_LONGPOLE_WIRE_TYPE', '', `expected true or false, got ${showValue(value)}`);
}

/** A double: a number, a number in a string, or the name of one that JSON cannot write. */
export function toDouble(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '') {
    const double = NAMED_NUMBERS[value] ?? Number(value);
    if (value === 'NaN' || !Number.isNaN(double)) return double;
  }
  throw new WireError('ERR_LONGPOLE_WIRE_NUMBER', '', `expected a number, got ${showValue(value)}`);
}

/** Bytes in base64. */
export function toBytes(value: unknown): Uint8Array {
  try {
    if (typeof value === 'string') return fromBase64(value);
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
  }
  throw new WireError('ERR_LONGPOLE_WIRE_BYTES', '', `expected base64, got ${showValue(value)}`);
}
