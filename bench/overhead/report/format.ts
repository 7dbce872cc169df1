// Tables and figures in Markdown.

import type { Spread } from '../statistics.ts';

/** The first column is text and the others are figures, unless told otherwise. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isText = (column: number): boolean => column === 0,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (isText(i) ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** `1.08 [1.05–1.12]` */
export function spreadText({ median, min, max }: Spread, digits = 2): string {
  const text = (value: number): string => value.toFixed(digits);
  return Number.isNaN(median) ? '–' : `${text(median)} [${text(min)}–${text(max)}]`;
}
