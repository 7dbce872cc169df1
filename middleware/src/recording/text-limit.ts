// Keeps texts on spans at a length that a backend takes, and marks what was cut.

/** 4 KiB of plain text; the unit is that of `String.length`, as in `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`. */
export const MAX_ATTRIBUTE_LENGTH = 4096;

/** The text at the length of the limit, its end the mark; no character outside the basic plane is cut in half. */
export function cut(text: string, limit: number): string {
  const mark = `…[cut, ${text.length} characters]`;
  const end = Math.max(0, limit - mark.length);
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end) + mark;
}
