// Trace ids as people and clients write them.

const HEX = /^[0-9a-f]{1,32}$/;
const BASE64 = /^[A-Za-z0-9+/_-]{22}(==)?$/;

/**
 * A trace id as 32 lower-case hex digits: upper case is lowered, a short id (64 bits) gets its leading zeros, and
 * base64 of 16 bytes is understood, as in Jaeger. `undefined` when the text is none of these.
 */
export function parseTraceId(text: string): string | undefined {
  const hex = text.trim().toLowerCase();
  if (HEX.test(hex)) return hex.padStart(32, '0');
  return BASE64.test(text) ? Buffer.from(text, 'base64url').toString('hex') : undefined;
}
