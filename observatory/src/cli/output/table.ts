// Tables for a terminal: columns as wide as they need to be, and one that gives way.
import { columnsOf, cutTo, fitTo } from '../fit-text.ts';

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Whether the column is cut when the table is too wide; the widest of those first. */
  readonly gives?: boolean;
}

const GAP = '  ';
const NARROWEST = 8;

function widthsOf(columns: readonly TableColumn[], rows: readonly (readonly string[])[], most: number) {
  const widths = columns.map(({ title }, i) => {
    return Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row[i] ?? '')));
  });
  const total = (): number =>
    widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  const flexible = widths.map((_, i) => i).filter((i) => columns[i]?.gives === true);
  for (let over = total() - most; over > 0 && flexible.length > 0; over = total() - most) {
    const widest = flexible.reduce((a, b) => ((widths[b] as number) > (widths[a] as number) ? b : a));
    if ((widths[widest] as number) <= NARROWEST) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  return widths;
}

function cell(text: string, width: number, column: TableColumn): string {
  if (column.align !== 'right') return fitTo(text, width);
  const cut = cutTo(text, width);
  return ' '.repeat(Math.max(0, width - columnsOf(cut))) + cut;
}

/** Lines of at most `most` columns, the first one with the titles; the cells are printable text without colours. */
export function drawTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  most: number,
): string[] {
  const widths = widthsOf(columns, rows, most);
  const draw = (cells: readonly string[]): string => {
    const drawn = columns.map((column, i) => cell(cells[i] ?? '', widths[i] as number, column));
    return cutTo(drawn.join(GAP).trimEnd(), most);
  };
  return [draw(columns.map(({ title }) => title)), ...rows.map(draw)];
}
