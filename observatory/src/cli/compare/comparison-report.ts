// What `longpole compare` prints: each route with its change, and the parts of the path that account for it.
import { groupText } from '../../analysis/bottleneck.ts';
import type {
  Comparison,
  ComparisonVerdict,
  DurationChange,
  GroupChange,
} from '../../analysis/compare/index.ts';
import type { BrokenLimit } from '../../analysis/limits/index.ts';
import { countText, durationText, percentText } from '../../trace/duration-text.ts';
import { cutTo } from '../fit-text.ts';
import { codeText, markdownTable, plainText } from '../output/markdown.ts';
import { limitsMarkdown, toLimitsJson } from '../output/report-limits.ts';
import { drawTable, type TableColumn } from '../output/table.ts';
import type { Result } from '../output/write-result.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { type CompareJson, type SideRead, toComparedRouteJson } from './comparison-json.ts';

export type { SideRead } from './comparison-json.ts';

/** Two sets of traces, compared. */
export interface ComparisonReport {
  readonly before: SideRead;
  readonly after: SideRead;
  readonly comparisons: readonly Comparison[];
  readonly broken: readonly BrokenLimit[];
  readonly warnings: readonly string[];
}

const MOST_GROUPS = 10;
const COLUMNS: readonly TableColumn[] = [
  { title: 'median time on the path', gives: true },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'of it', align: 'right' },
  { title: 'sure', align: 'right' },
];
const COLORS: Readonly<Record<ComparisonVerdict, Parameters<Paint>[0]>> = {
  slower: 'red',
  faster: 'green',
  mixed: 'yellow',
  unchanged: 'dim',
  'too-few': 'yellow',
  new: 'yellow',
  gone: 'yellow',
};

function signed(ns: bigint): string {
  return ns > 0n ? `+${durationText(ns)}` : durationText(ns);
}

function sureText({ isSignificant, pValue }: DurationChange): string {
  if (!isSignificant) return 'no';
  return pValue < 0.001 ? 'p<0.001' : `p=${pValue.toFixed(3)}`;
}

function changeCells(change: DurationChange, shareOfChange: number | undefined): string[] {
  const { beforeNs, afterNs, differenceNs } = change;
  const share = shareOfChange === undefined ? '' : percentText(shareOfChange);
  return [durationText(beforeNs), durationText(afterNs), signed(differenceNs), share, sureText(change)];
}

function groupCells(group: GroupChange): string[] {
  return changeCells(group.time, group.shareOfChange);
}

/** The rows of a route's table: the whole first, then the groups of its path. */
function rowsOf({ p50, p95, groups }: Comparison): string[][] {
  const whole = (title: string, change: DurationChange | undefined): string[][] =>
    change === undefined ? [] : [[title, ...changeCells(change, undefined)]];
  return [
    ...whole('the request, median', p50),
    ...whole('the request, p95', p95),
    ...groups.slice(0, MOST_GROUPS).map((group) => [groupText(group), ...groupCells(group)]),
  ];
}

function routeText({ service, operation }: Comparison): string {
  return `${service} · ${operation === '' ? '(no name)' : operation}`;
}

function countsOf({ before, after }: Comparison): string {
  return `${countText(before?.count ?? 0, 'trace')} before, ${after?.count ?? 0} after`;
}

function routeLines(comparison: Comparison, columns: number, paint: Paint): string[] {
  const { verdict, sentence } = comparison;
  const rows = rowsOf(comparison).map(([name = '', ...cells]) => [printable(name), ...cells]);
  const [titles = '', ...table] = rows.length === 0 ? [] : drawTable(COLUMNS, rows, columns);
  const head = cutTo(printable(`${verdict} · ${routeText(comparison)} · ${countsOf(comparison)}`), columns);
  return [
    paint('bold', paint(COLORS[verdict], head)),
    ...(rows.length === 0 ? [] : [paint('dim', titles), ...table]),
    '',
    paint('bold', printable(sentence)),
  ];
}

function routeMarkdown(comparison: Comparison): string {
  const columns = COLUMNS.map(({ title, align }) => ({ title, isNumber: align === 'right' }));
  const rows = rowsOf(comparison).map(([name = '', ...cells]) => [codeText(name), ...cells.map(plainText)]);
  return [
    `#### ${comparison.verdict}: ${codeText(routeText(comparison))} (${countsOf(comparison)})`,
    `**${plainText(comparison.sentence)}**`,
    ...(rows.length === 0 ? [] : [markdownTable(columns, rows)]),
  ].join('\n\n');
}

/** The comparison in every format. */
export function comparisonResult(report: ComparisonReport): Result {
  const { before, after, comparisons, broken, warnings } = report;
  return {
    text: (columns, paint) =>
      comparisons.map((one) => routeLines(one, columns, paint).join('\n')).join('\n\n\n'),
    json: (): CompareJson => {
      const brokenLimits = toLimitsJson(broken);
      return { before, after, routes: comparisons.map(toComparedRouteJson), brokenLimits, warnings };
    },
    markdown: () => [comparisons.map(routeMarkdown).join('\n\n'), ...limitsMarkdown(broken)].join('\n'),
  };
}
