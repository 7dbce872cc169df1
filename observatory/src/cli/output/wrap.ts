// Breaks sentences into lines of a terminal's width.
import { columnsOf, cutTo } from '../fit-text.ts';

/** Lines of at most `columns` columns; the ones after the first are indented by `indent`. Words are cut only when alone too long. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' || line === indent ? line + word : `${line} ${word}`;
    if (line.trim() !== '' && columnsOf(longer) > columns) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line].map((one) => cutTo(one, columns));
}
