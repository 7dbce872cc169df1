// Reads headers out of whatever a carrier's getter returns.

import type { TextMapGetter } from '@opentelemetry/api';

const SPACE = 0x20;
const TAB = 0x09;

/** First position in `[from, to)` that holds no optional whitespace (RFC 9110 "OWS": space or tab); `to` if none. */
export function skipOws(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isOws(text.charCodeAt(at))) at += 1;
  return at;
}

/** End of `[from, to)` without the optional whitespace at its end. */
export function endBeforeOws(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isOws(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

/** The text without optional whitespace around it. */
export function trimOws(text: string): string {
  const from = skipOws(text, 0, text.length);
  const to = endBeforeOws(text, from, text.length);
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

/**
 * The value of a header, `undefined` without one. Several are joined with commas in the order they were sent, as Node.js
 * itself joins them. What is no text is left out.
 */
export function readHeader(carrier: unknown, getter: TextMapGetter, name: string): string | undefined {
  const found: unknown = getter.get(carrier, name);
  if (typeof found === 'string') return found;
  if (!Array.isArray(found)) return undefined;
  const values = found.filter((value) => typeof value === 'string');
  return values.length === 0 ? undefined : values.join(',');
}

function isOws(code: number): boolean {
  return code === SPACE || code === TAB;
}
