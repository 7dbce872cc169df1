// Tells whether a key and a value of tracestate follow the grammar (W3C Trace Context level 2, "list-members").

const LONGEST_KEY = 256;
const LONGEST_VALUE = 256;
const SPACE = 0x20;

const KEY_START = 1;
const KEY_CHARACTER = 2;
const VALUE_CHARACTER = 4;

const KIND = new Uint8Array(128);
for (let code = 0x20; code <= 0x7e; code += 1) {
  const character = String.fromCharCode(code);
  if (/[a-z0-9]/.test(character)) KIND[code] = KEY_START | KEY_CHARACTER | VALUE_CHARACTER;
  else if (/[_\-*/@]/.test(character)) KIND[code] = KEY_CHARACTER | VALUE_CHARACTER;
  else if (!/[,=]/.test(character)) KIND[code] = VALUE_CHARACTER;
}

/** `[from, to)` is a key: a lower-case letter or digit, then up to 255 of `a-z 0-9 _ - * / @`. */
export function isKey(text: string, from: number, to: number): boolean {
  const length = to - from;
  if (length < 1 || length > LONGEST_KEY || !is(KEY_START, text.charCodeAt(from))) return false;
  return allAre(KEY_CHARACTER, text, from + 1, to);
}

/** `[from, to)` is a value: 1 to 256 printable ASCII characters but `,` and `=`, the last one no space. */
export function isValue(text: string, from: number, to: number): boolean {
  const length = to - from;
  if (length < 1 || length > LONGEST_VALUE || text.charCodeAt(to - 1) === SPACE) return false;
  return allAre(VALUE_CHARACTER, text, from, to);
}

function allAre(kind: number, text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (!is(kind, text.charCodeAt(i))) return false;
  return true;
}

function is(kind: number, code: number): boolean {
  return ((KIND[code] ?? 0) & kind) !== 0;
}
