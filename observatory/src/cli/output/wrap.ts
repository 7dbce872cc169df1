// Breaks sentences into lines of a terminal's width.
import { columnsOf, cutTo } from '../fit-text.ts';

/**
 * Lines of at most `columns` columns: the first one starts with `lead`, the others with `indent`. Only words that are
 * longer than a line are cut.
 */
export function wrap(
  text: string,
  columns: number,
  lead = '',
  indent: string = ' '.repeat(columnsOf(lead)),
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const start = lines.length === 0 ? lead : indent;
    const longer = line === '' ? start + word : `${line} ${word}`;
    if (line !== '' && columnsOf(longer) > columns) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line].map((one) => cutTo(one, columns));
}
