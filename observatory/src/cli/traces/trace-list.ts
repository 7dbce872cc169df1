// What `longpole traces` prints: two lines a trace, with its id and what holds it up.
import { countText, durationText, groupedText, percentText } from '../../trace/duration-text.ts';
import { msToNs } from '../../trace/nanoseconds.ts';
import { columnsOf, cutTo, fitTo } from '../fit-text.ts';
import { codeText, markdownTable, plainText } from '../output/markdown.ts';
import type { Result } from '../output/write-result.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import type { TraceRow } from './summarize-trace.ts';
import type { SortKey } from './top-rows.ts';

/** What was found. */
export interface TraceList {
  readonly source: string;
  /** Traces that match, printed or not. */
  readonly found: number;
  readonly rows: readonly TraceRow[];
  readonly sort: SortKey;
  readonly warnings: readonly string[];
}

/** What `--json` prints. */
export interface TracesJson {
  readonly source: string;
  /** Traces that match; more than there are rows when `--limit` cuts them. */
  readonly found: number;
  readonly traces: readonly TraceRow[];
  readonly warnings: readonly string[];
}

const ORDERS: Readonly<Record<SortKey, string>> = {
  start: 'the newest',
  duration: 'the longest',
  spans: 'those with the most spans',
  errors: 'those with the most errors',
};
const TIME_COLUMNS = 23;

/** `2026-11-22 12:52:52.139`, UTC. */
function timeText({ start }: TraceRow): string {
  return start === null ? '(no time)' : start.replace('T', ' ').replace('Z', '');
}

function durationOf({ durationMs }: TraceRow): string {
  return durationText(msToNs(durationMs));
}

function rootText({ service, operation }: TraceRow): string {
  return `${service} · ${operation === '' ? '(no name)' : operation}`;
}

function bottleneckText({ bottleneck }: TraceRow): string {
  return bottleneck === null
    ? 'took no measurable time'
    : `${percentText(bottleneck.share)} ${bottleneck.text}`;
}

function sizeText({ spans, errors }: TraceRow): string {
  return countText(spans, 'span') + (errors > 0 ? `, ${countText(errors, 'error')}` : '');
}

function drawRow(row: TraceRow, columns: number, durationColumns: number, paint: Paint): string[] {
  const size = sizeText(row);
  const lead = `${fitTo(timeText(row), TIME_COLUMNS)}  ${durationOf(row).padStart(durationColumns)}  `;
  const name = fitTo(printable(rootText(row)), Math.max(8, columns - columnsOf(lead) - columnsOf(size) - 2));
  const color = row.errors > 0 ? 'red' : 'bold';
  return [
    cutTo(`${lead}${name}  ${size}`, columns).replace(name, () => paint(color, name)),
    `  ${row.traceId}  ${paint('dim', cutTo(printable(bottleneckText(row)), columns - row.traceId.length - 4))}`,
  ];
}

function headline({ source, found, rows, sort }: TraceList): string {
  const all = `${countText(found, 'trace')} of ${source}`;
  return found > rows.length ? `${ORDERS[sort]} ${groupedText(rows.length)} of ${all}` : all;
}

function toMarkdown(list: TraceList): string {
  const columns = [
    { title: 'start (UTC)' },
    { title: 'duration', isNumber: true },
    { title: 'root' },
    { title: 'spans', isNumber: true },
    { title: 'errors', isNumber: true },
    { title: 'what holds it up' },
    { title: 'trace' },
  ];
  const rows = list.rows.map((row) => [
    timeText(row),
    durationOf(row),
    codeText(rootText(row)),
    groupedText(row.spans),
    groupedText(row.errors),
    row.bottleneck === null ? '' : `${percentText(row.bottleneck.share)} ${codeText(row.bottleneck.text)}`,
    codeText(row.traceId),
  ]);
  return `${plainText(headline(list))}\n\n${markdownTable(columns, rows)}`;
}

/** The list in every format. */
export function tracesResult(list: TraceList): Result {
  const { source, found, rows, warnings } = list;
  const widest = rows.reduce((most, row) => Math.max(most, durationOf(row).length), 0);
  return {
    text: (columns, paint) =>
      [
        ...rows.flatMap((row) => drawRow(row, columns, widest, paint)),
        '',
        paint('dim', printable(headline(list))),
      ].join('\n'),
    json: (): TracesJson => ({ source, found, traces: rows, warnings }),
    markdown: () => toMarkdown(list),
  };
}
