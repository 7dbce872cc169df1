// Text cut and padded to columns of a terminal: wide characters count two, combining ones none.
import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Longest text that is measured: no terminal shows more in one line. */
const MAX_LENGTH = 2_000;

/** Columns that `text` takes. */
export function columnsOf(text: string): number {
  return stringWidth(text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text);
}

/** `text` cut to at most `columns` columns, with `…` at the end if anything is left out. */
export function cutTo(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (text.length <= MAX_LENGTH && stringWidth(text) <= columns) return text;
  let cut = '';
  let used = 1;
  for (const { segment } of segmenter.segment(text.slice(0, MAX_LENGTH))) {
    used += stringWidth(segment);
    if (used > columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** `text` cut or padded with spaces at its end to exactly `columns` columns. */
export function fitTo(text: string, columns: number): string {
  const cut = cutTo(text, columns);
  return cut + ' '.repeat(Math.max(0, columns - stringWidth(cut)));
}
