// Trace ids as numbers, read from the text of a piece without parsing it.
import type { Span } from '../../trace/span.ts';

/** Hex digits of the id that make its key: the last ones, which are random in every scheme of ids. */
const DIGITS = 12;
const ID_DIGITS = 32;

/** Keys are whole numbers below this. Two traces may share one; whoever uses keys must do with that. */
export const KEY_LIMIT: number = 16 ** DIGITS;

const FIELD = Buffer.from('"traceId"');
const [QUOTE, COLON, SPACE] = [0x22, 0x3a, 0x20];
const NO_DIGIT = 255;

/** Value of a hex digit by its character code, `NO_DIGIT` for all other characters. */
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (let value = 0; value < 16; value += 1) {
  VALUES[value.toString(16).charCodeAt(0)] = value;
  VALUES[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** The key of a trace id of 32 hex digits. */
export function keyOf(traceId: string): number {
  return Number.parseInt(traceId.slice(-DIGITS), 16);
}

/** The key of the id whose digits begin at `start`, -1 when there are not 32 of them in quotes. */
function keyAt(bytes: Buffer, start: number): number {
  if (bytes[start + ID_DIGITS] !== QUOTE) return -1;
  let key = 0;
  for (let i = 0; i < ID_DIGITS; i += 1) {
    const value = VALUES[bytes[start + i] as number] as number;
    if (value === NO_DIGIT) return -1;
    if (i >= ID_DIGITS - DIGITS) key = key * 16 + value;
  }
  return key;
}

function valueStart(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === SPACE) at += 1;
  if (bytes[at] !== COLON) return -1;
  at += 1;
  while (bytes[at] === SPACE) at += 1;
  return bytes[at] === QUOTE ? at + 1 : -1;
}

/**
 * Keys of all `"traceId"` fields in JSON text, those of links too; `undefined` when there is none, or one that is
 * not written as 32 hex digits: then only parsing tells.
 */
export function scanKeys(bytes: Buffer): Set<number> | undefined {
  const keys = new Set<number>();
  for (let at = bytes.indexOf(FIELD); at >= 0; at = bytes.indexOf(FIELD, at)) {
    const start = valueStart(bytes, at + FIELD.length);
    const key = start < 0 ? -1 : keyAt(bytes, start);
    if (key < 0) return undefined;
    keys.add(key);
    at = start + ID_DIGITS;
  }
  return keys.size === 0 ? undefined : keys;
}

/** Keys of spans. */
export function keysOf(spans: readonly Span[]): Set<number> {
  return new Set(spans.map(({ traceId }) => keyOf(traceId)));
}
