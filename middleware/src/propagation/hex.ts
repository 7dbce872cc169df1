// Recognises lower-case hexadecimal text without regular expressions, because it runs for every request.

const DIGIT = new Uint8Array(128);
for (const character of '0123456789abcdef') DIGIT[character.charCodeAt(0)] = 1;

/** Whether all characters of `text` in `[from, to)` are lower-case hex digits. */
export function isHex(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (DIGIT[text.charCodeAt(i)] !== 1) return false;
  return true;
}

const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** 32 lower-case hex digits, not all zero (W3C Trace Context level 2, "trace-id"). */
export const isTraceId = (id: string): boolean => id.length === 32 && isHex(id, 0, 32) && id !== NO_TRACE;

/** 16 lower-case hex digits, not all zero (W3C Trace Context level 2, "parent-id"). */
export const isSpanId = (id: string): boolean => id.length === 16 && isHex(id, 0, 16) && id !== NO_SPAN;
