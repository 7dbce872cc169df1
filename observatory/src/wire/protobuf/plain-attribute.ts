// A quick look at an attribute that is as nearly all are: a short key, then one short value.

const KEY = 0x0a;
const VALUE = 0x12;
const TEXT = 0x0a;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;

/** Lengths below this have one byte. */
const SHORT = 0x80;
const MAX_VARINT = 10;

/** Whether the varint that begins at a place ends at `end`. */
function isVarint(body: Uint8Array, at: number, end: number): boolean {
  if (end - at > MAX_VARINT || end <= at) return false;
  for (let i = at; i < end - 1; i++) if ((body[i] ?? 0) < SHORT) return false;
  return (body[end - 1] ?? SHORT) < SHORT;
}

/** Whether the KeyValue between two places is well-formed and plain; `false` tells nothing. */
export function isPlainAttribute(body: Uint8Array, start: number, end: number): boolean {
  const keyLength = body[start + 1] ?? SHORT;
  if (body[start] !== KEY || keyLength >= SHORT) return false;
  const at = start + 2 + keyLength;
  if (body[at] !== VALUE || at + 2 + (body[at + 1] ?? SHORT) !== end || end - at >= SHORT) return false;
  switch (body[at + 2]) {
    case TEXT:
      return end - at >= 4 && at + 4 + (body[at + 3] ?? SHORT) === end;
    case BOOL:
    case INT:
      return isVarint(body, at + 3, end);
    case DOUBLE:
      return at + 11 === end;
  }
  return false;
}
