// Trace ids as numbers, read from the text of a piece without parsing it.
import type { Span } from '../../trace/span.ts';

const ID_DIGITS = 32;
/** Digits of the id that make one word of 32 bits. */
const WORD_DIGITS = 8;

/**
 * Keys are whole numbers below this, spread evenly whatever the ids have in common. Two traces may share one; whoever
 * uses keys must do with that.
 */
export const KEY_LIMIT: number = 2 ** 48;

const FIELD = Buffer.from('"traceId"');
const [QUOTE, COLON, SPACE] = [0x22, 0x3a, 0x20];
const NO_DIGIT = 255;

/** Value of a hex digit by its character code, `NO_DIGIT` for all other characters. */
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (let value = 0; value < 16; value += 1) {
  VALUES[value.toString(16).charCodeAt(0)] = value;
  VALUES[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}

/** Two hashes of four words of 32 bits; every bit of the id changes about half of theirs. */
class Mixer {
  #high = 0;
  #low = 0;

  begin(): void {
    this.#high = 0x9e3779b9;
    this.#low = 0x7f4a7c15;
  }

  add(word: number): void {
    const high = Math.imul(this.#high ^ word, 0x85ebca6b);
    const low = Math.imul(this.#low + word, 0xc2b2ae35);
    this.#high = high ^ (high >>> 15) ^ this.#low;
    this.#low = low ^ (low >>> 13) ^ (high >>> 7);
  }

  key(): number {
    const high = Math.imul(this.#high ^ (this.#high >>> 16), 0x85ebca6b);
    const low = Math.imul(this.#low ^ (this.#low >>> 15) ^ high, 0xc2b2ae35);
    return ((high ^ (high >>> 13)) >>> 0) * 2 ** 16 + ((low ^ (low >>> 16)) & 0xffff);
  }
}

const mixer = new Mixer();

/** The key of a trace id of 32 hex digits. */
export function keyOf(traceId: string): number {
  mixer.begin();
  for (let at = 0; at < ID_DIGITS; at += WORD_DIGITS) {
    mixer.add(Number.parseInt(traceId.slice(at, at + WORD_DIGITS), 16) | 0);
  }
  return mixer.key();
}

/** The key of the id whose digits begin at `start`, -1 when there are not 32 of them in quotes. */
function keyAt(bytes: Buffer, start: number): number {
  if (bytes[start + ID_DIGITS] !== QUOTE) return -1;
  mixer.begin();
  let word = 0;
  for (let i = 0; i < ID_DIGITS; i += 1) {
    const value = VALUES[bytes[start + i] as number] as number;
    if (value === NO_DIGIT) return -1;
    word = (word << 4) | value;
    if (i % WORD_DIGITS === WORD_DIGITS - 1) mixer.add(word);
  }
  return mixer.key();
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
