// Draws the tree of a trace in 100 columns, with marks on some of its spans and notes below them.

import type { TraceView, ViewNode } from '../view/trace-view.ts';
import { type Paint, paint } from './paint.ts';
import { cut, padEnd, padStart, printable, widthOf, wrap } from './printable.ts';
import { chooseRows, MOST_MARKS, type Row } from './rows.ts';
import { durationText, nameText, outcomeText } from './span-text.ts';

export const WIDTH = 100;

/** `✗` is what is wrong, `→` the nearest to what was expected, `✓` what was found. */
export type MarkSign = '✗' | '→' | '✓';

export interface Mark {
  readonly node: ViewNode;
  readonly sign: MarkSign;
  readonly notes: readonly string[];
}

const PAINTS: Readonly<Record<MarkSign, Paint>> = { '✗': 'red', '→': 'yellow', '✓': 'green' };
const MOST_SERVICE = 20;
const MOST_BRANCHES = 40;

interface Columns {
  readonly service: number;
  readonly name: number;
  readonly outcome: number;
  readonly duration: number;
}

/** The drawing, a line for each span; of a large trace what is around the marks, with the rest counted. */
export function drawTrace(view: TraceView, marks: readonly Mark[] = []): string {
  if (view.nodes.length === 0) return '  (a trace without spans)';
  const byNode = new Map(marks.slice(0, MOST_MARKS).map((mark) => [mark.node, mark]));
  const rows = chooseRows(
    view,
    marks.map(({ node }) => node),
  );
  const columns = measure(rows);
  const lines = rows.flatMap((row) =>
    typeof row === 'number' ? drawGap(row, columns) : drawRow(row, columns, byNode.get(row)),
  );
  if (marks.length > MOST_MARKS) lines.push(`  … and ${marks.length - MOST_MARKS} more of the same`);
  return lines.join('\n');
}

function measure(rows: readonly Row[]): Columns {
  const nodes = rows.filter((row) => typeof row !== 'number');
  const longest = (of: (node: ViewNode) => string, most: number) =>
    Math.min(most, Math.max(0, ...nodes.map((node) => widthOf(of(node)))));
  const service = longest(({ span }) => printable(span.service), MOST_SERVICE);
  const outcome = longest(({ span }) => outcomeText(span), 8);
  const duration = longest(({ span }) => durationText(span), 12);
  const most = WIDTH - service - outcome - duration - 'INTERNAL'.length - 10;
  return { service, outcome, duration, name: longest((node) => branches(node) + nameText(node), most) };
}

function drawRow(node: ViewNode, columns: Columns, mark: Mark | undefined): string[] {
  const { span } = node;
  const parts = [
    padEnd(cut(printable(span.service), columns.service), columns.service),
    padEnd(cut(branches(node) + nameText(node), columns.name), columns.name),
    padEnd(span.kind, 'INTERNAL'.length),
    padEnd(cut(outcomeText(span), columns.outcome), columns.outcome),
    padStart(durationText(span), columns.duration),
  ];
  const line = `${mark?.sign ?? ' '} ${parts.join('  ')}`.trimEnd();
  if (mark === undefined) return [line];
  const how = PAINTS[mark.sign];
  return [
    paint(how, line),
    ...mark.notes.flatMap((note) => drawNote(node, note, columns)).map((text) => paint(how, text)),
  ];
}

function drawNote(node: ViewNode, note: string, columns: Columns): string[] {
  const indent = ' '.repeat(columns.service + 4);
  const first = `${indent}${stem(node)}╰ `;
  const next = `${indent}${stem(node)}  `;
  return wrap(printable(note), WIDTH - widthOf(first)).map((line, i) => (i === 0 ? first : next) + line);
}

function drawGap(count: number, columns: Columns): string[] {
  return [
    paint('dim', `${' '.repeat(columns.service + 4)}⋮ ${count} more ${count === 1 ? 'span' : 'spans'}`),
  ];
}

function isLast(node: ViewNode): boolean {
  return node.parent === undefined || node.parent.children.at(-1) === node;
}

/** What stands before the name of a span: the lines of the tree. */
function branches(node: ViewNode): string {
  return node.parent === undefined ? '' : shorten(trunk(node.parent)) + (isLast(node) ? '└─ ' : '├─ ');
}

/** What stands before a note of a span: the lines that go on below it. */
function stem(node: ViewNode): string {
  return shorten(trunk(node)) + (node.children.length > 0 ? '│ ' : '  ');
}

function trunk(node: ViewNode): string {
  let text = '';
  for (let one = node; one.parent !== undefined; one = one.parent)
    text = (isLast(one) ? '   ' : '│  ') + text;
  return text;
}

function shorten(text: string): string {
  return text.length > MOST_BRANCHES ? `… ${text.slice(text.length - MOST_BRANCHES + 2)}` : text;
}
