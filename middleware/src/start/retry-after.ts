// Reads the Retry-After header (RFC 9110, section 10.2.3).

/** Milliseconds to wait, from seconds or an HTTP date; `undefined` when there is nothing to go by. */
export function retryAfterMs(header: string | undefined, nowMs: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) || /^-/.test(text) ? undefined : Math.max(0, date - nowMs);
}
