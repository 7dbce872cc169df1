// The waterfall: one row a span, indented as called, its duration, and its bar with the critical path on it.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { countText, durationText, groupedText } from '../../trace/duration-text.ts';
import type { SpanNode } from '../../trace/node.ts';
import { spanText } from '../../trace/warning.ts';
import { columnsOf, cutTo, fitTo } from '../fit-text.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { chooseRows, type Row } from './choose-rows.ts';
import { BESIDE, drawBar, EARLIER, LATER, NETWORK, OWN, partsByNode, QUEUE, UNTRACED } from './draw-bar.ts';
import { isFailed, outcomeText } from './outcome.ts';

const ON_PATH = '●';
const FAILED = '✗';
const DEEPEST = 8;
const FEWEST_BAR_COLUMNS = 12;
const MEANINGS: readonly (readonly [glyph: string, meaning: string])[] = [
  [ON_PATH, 'on the critical path'],
  [OWN, 'own time'],
  [NETWORK, 'network'],
  [UNTRACED, 'untraced'],
  [QUEUE, 'in a queue'],
  [BESIDE, 'waiting, beside it'],
  [EARLIER, 'earlier'],
  [LATER, 'later'],
  [FAILED, 'error'],
];
/** Mark, space, space, two spaces. */
const GAPS = 5;

function indent(depth: number): string {
  return depth > DEEPEST ? `${'  '.repeat(DEEPEST)}⋯ ` : '  '.repeat(depth);
}

/** ` → auth` on a call whose other end is known; a CLIENT span's own name is often only a method. */
function peerText({ span, children }: SpanNode): string {
  if (span.kind !== 'CLIENT') return '';
  const named = span.attributes['service.peer.name'];
  const peer =
    typeof named === 'string' ? named : children.find((child) => child.span.kind === 'SERVER')?.span.service;
  return peer === undefined ? '' : ` → ${printable(peer)}`;
}

function labelOf(row: Row): string {
  if ('node' in row) {
    const { span, depth } = row.node;
    const mark = isFailed(span) ? `${FAILED} ` : '';
    return `${indent(depth)}${mark}${printable(spanText(span))}${peerText(row.node)}${outcomeText(span)}`;
  }
  const onPath = row.hiddenOnPath === row.hidden ? 'all' : groupedText(row.hiddenOnPath);
  const mention = row.hiddenOnPath === 0 ? '' : `, ${onPath} on the path`;
  return `${indent(row.depth)}… ${countText(row.hidden, 'more span')}${mention}`;
}

function durationOf(row: Row): string {
  if (!('node' in row)) return '';
  const { startNs, endNs } = row.node.span;
  return durationText(endNs > startNs ? endNs - startNs : 0n);
}

interface Widths {
  readonly label: number;
  readonly duration: number;
  readonly bar: number;
}

/** Of any number of widths: a whole trace has too many rows to spread them into arguments. */
function widestOf(widths: readonly number[]): number {
  return widths.reduce((a, b) => Math.max(a, b), 0);
}

/** The bars get at least three tenths of the columns; the labels what they need of the rest. */
function widthsFor(labels: readonly string[], durations: readonly string[], columns: number): Widths {
  const duration = widestOf(durations.map((text) => text.length));
  const widest = widestOf(labels.map(columnsOf));
  const forLabels = columns - duration - GAPS - Math.max(FEWEST_BAR_COLUMNS, Math.floor(columns * 0.3));
  const label = Math.min(widest, forLabels);
  return { label, duration, bar: columns - label - duration - GAPS };
}

function drawRow(
  node: SpanNode,
  cells: readonly [string, string, string],
  isOnPath: boolean,
  paint: Paint,
): string {
  const [label, duration, bar] = cells;
  const isRed = isFailed(node.span);
  if (!isOnPath) return paint(isRed ? 'red' : 'dim', `  ${label} ${duration}  ${bar}`);
  const name = paint(isRed ? ['bold', 'red'] : 'bold', label);
  return `${paint('yellow', ON_PATH)} ${name} ${duration}  ${paint('yellow', bar)}`;
}

export interface WaterfallOptions {
  /** Whether every span has a row; by default a large trace has rows only for the spans its verdict rests on. */
  readonly isWhole?: boolean;
}

/**
 * Draws a trace in lines of at most `columns` columns. Rows on the critical path start with `●`; names are
 * printed without anything that steers a terminal.
 */
export function drawWaterfall(
  analysis: TraceAnalysis,
  columns: number,
  paint: Paint,
  { isWhole = false }: WaterfallOptions = {},
): string[] {
  const rows = isWhole ? analysis.tree.nodes.map((node) => ({ node })) : chooseRows(analysis);
  const parts = partsByNode(analysis.path.parts);
  const labels = rows.map(labelOf);
  const durations = rows.map(durationOf);
  const spanLabels = labels.filter((_, i) => 'node' in (rows[i] as Row));
  const widths = widthsFor(spanLabels, durations, columns);
  return rows.map((row, i) => {
    if (!('node' in row)) return paint('dim', `  ${cutTo(labels[i] as string, columns - 2)}`);
    const label = fitTo(labels[i] as string, widths.label);
    const duration = (durations[i] as string).padStart(widths.duration);
    const bar = drawBar(row.node, analysis, parts, widths.bar).trimEnd();
    return drawRow(row.node, [label, duration, bar], parts.has(row.node), paint);
  });
}

/** What the glyphs of the waterfall mean, as far as it uses them, in lines of at most `columns` columns. */
export function legendOf(waterfall: readonly string[], columns: number): string[] {
  const used = MEANINGS.filter(([glyph]) => waterfall.some((line) => line.includes(glyph)));
  const lines: string[] = [];
  for (const [glyph, meaning] of used) {
    const longer = [...lines.slice(-1), `${glyph} ${meaning}`].join('   ');
    if (lines.length > 0 && columnsOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(`${glyph} ${meaning}`);
  }
  return lines;
}
