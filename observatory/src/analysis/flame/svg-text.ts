// Text that goes into an SVG: nothing in it is markup, and nothing in it is invisible.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, those that turn the direction of writing, and what XML forbids. */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029\uFFFE\uFFFF]/gu;

/** Text on one line, without characters that are forbidden in XML or that change what is around them. */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll(UNSAFE, '\uFFFD');
}

/** Visible text as content or attribute value of XML. */
export function escapeXml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

/** Columns of a character in a monospaced font: two for the wide ones of East Asia and for emoji. */
function columnsOf(char: string): number {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{3FFFD}]/u.test(
    char,
  )
    ? 2
    : 1;
}

/** Visible text cut to so many columns, with `…` at the cut; empty when not even three fit. */
export function fitColumns(text: string, columns: number): string {
  const chars = [...visible(text)];
  const total = chars.reduce((sum, char) => sum + columnsOf(char), 0);
  if (total <= columns) return chars.join('');
  if (columns < 3) return '';
  let [kept, used] = [0, 1];
  while (used + columnsOf(chars[kept] as string) <= columns) used += columnsOf(chars[kept++] as string);
  return `${chars.slice(0, kept).join('')}…`;
}
