// Trace and span ids as they come in JSON: hex, or base64 from generic Protocol Buffers writers.
import { fromBase64 } from './base64.ts';
import type { JsonObject } from './read-json.ts';
import { showValue, WireError } from './wire-error.ts';

const HEX = /^[0-9a-f]+$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const ZEROS = /^0+$/;

/** Bytes of a trace id and of a span id (W3C Trace Context, sections 3.2.2.3 and 3.2.2.4). */
export const TRACE_ID_BYTES = 16;
export const SPAN_ID_BYTES = 8;

function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

function toHex(value: string, bytes: number): string | undefined {
  const hex = value.toLowerCase();
  if (hex.length === bytes * 2 && HEX.test(hex)) return hex;
  const isBase64 = Math.ceil(bytes / 3) * 4 === value.length && BASE64.test(value);
  const decoded = isBase64 ? fromBase64(value) : undefined;
  return decoded?.length === bytes ? hexOf(decoded) : undefined;
}

function wrongId(key: string, bytes: number, value: unknown): WireError {
  const expected = `${bytes * 2} hex digits that are not all zero`;
  return new WireError('ERR_LONGPOLE_WIRE_ID', key, `expected ${expected}, got ${showValue(value)}`);
}

/** The required id of `bytes` bytes in a field, as lower-case hex; throws when absent, malformed or all zero. */
export function readId(owner: JsonObject, key: string, bytes: number): string {
  const value = owner[key];
  const hex = typeof value === 'string' ? toHex(value, bytes) : undefined;
  if (hex === undefined || ZEROS.test(hex)) throw wrongId(key, bytes, value);
  return hex;
}

/** The id in a field, or the empty string where there is none (absent, empty or all zero). */
export function readOptionalId(owner: JsonObject, key: string, bytes: number): string {
  const value = owner[key];
  if (value === undefined || value === null || value === '') return '';
  const hex = typeof value === 'string' ? toHex(value, bytes) : undefined;
  if (hex === undefined) throw wrongId(key, bytes, value);
  return ZEROS.test(hex) ? '' : hex;
}
