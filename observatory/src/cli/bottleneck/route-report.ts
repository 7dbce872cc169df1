// What `longpole bottleneck` prints of many traces: each route with its percentiles and what its path is made of.
import { groupText } from '../../analysis/bottleneck.ts';
import type { BrokenLimit } from '../../analysis/limits/index.ts';
import type { RouteGroup, RouteStats } from '../../analysis/many/index.ts';
import { countText, durationText, groupedText, percentText } from '../../trace/duration-text.ts';
import { cutTo } from '../fit-text.ts';
import { codeText, markdownTable, plainText } from '../output/markdown.ts';
import { type LimitJson, limitsMarkdown, toLimitsJson } from '../output/report-limits.ts';
import { drawTable, type TableColumn } from '../output/table.ts';
import { wrap } from '../output/wrap.ts';
import type { Result } from '../output/write-result.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { type RouteJson, toRouteJson } from './route-json.ts';

/** What is known of many traces. */
export interface RoutesReport {
  readonly source: string;
  /** Traces of all routes. */
  readonly traces: number;
  /** The one with the most traces first. */
  readonly routes: readonly RouteStats[];
  readonly broken: readonly BrokenLimit[];
  readonly warnings: readonly string[];
}

/** What `--json` prints. */
export interface RoutesJson {
  readonly source: string;
  readonly traces: number;
  readonly routes: readonly RouteJson[];
  /** Limits of `--fail-if` that did not hold; the command ends with 1 when there is one. */
  readonly brokenLimits: readonly LimitJson[];
  readonly warnings: readonly string[];
}

const MOST_GROUPS = 10;
const MOST_TRAITS = 5;
const COLUMNS: readonly TableColumn[] = [
  { title: 'critical path', gives: true },
  { title: 'share', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'median', align: 'right' },
  { title: 'longest', align: 'right' },
];

function routeText({ service, operation }: RouteStats): string {
  return `${service} · ${operation === '' ? '(no name)' : operation}`;
}

function percentilesOf({ durations }: RouteStats): [name: string, value: string][] {
  const { p50Ns, p95Ns, p99Ns, maxNs, meanNs } = durations;
  const values = { p50: p50Ns, p95: p95Ns, p99: p99Ns, max: maxNs, mean: meanNs };
  return Object.entries(values).map(([name, ns]) => [name, durationText(ns)]);
}

function groupCells(group: RouteGroup): string[] {
  const { share, p50Share, p95Share, p99Share, p50Ns, bottleneckShare } = group;
  const shares = [share, p50Share, p95Share, p99Share].map(percentText);
  return [...shares, durationText(p50Ns), percentText(bottleneckShare)];
}

/** A line about the groups that have no row. */
function restOf(groups: readonly RouteGroup[]): string | undefined {
  const rest = groups.slice(MOST_GROUPS);
  if (rest.length === 0) return undefined;
  const share = rest.reduce((sum, one) => sum + one.share, 0);
  return `… ${groupedText(rest.length)} more with ${percentText(share)} together`;
}

function sizeOf({ count, errors }: RouteStats): string {
  return `${countText(count, 'trace')}, ${countText(errors, 'error')}`;
}

function slowSentences({ slow }: RouteStats): string[] {
  if (slow.unjudged !== undefined) return [slow.unjudged];
  const head = `${countText(slow.slowCount, 'slow trace')} from ${durationText(slow.fromNs)} on, ${slow.fastCount} fast:`;
  if (slow.traits.length === 0) return [`${head} nothing tells them apart.`];
  return [head, ...slow.traits.slice(0, MOST_TRAITS).map(({ sentence }) => sentence)];
}

function routeLines(stats: RouteStats, columns: number, paint: Paint): string[] {
  const percentiles = percentilesOf(stats).map(([name, value]) => `${name} ${value}`);
  const rows = stats.groups
    .slice(0, MOST_GROUPS)
    .map((one) => [printable(groupText(one)), ...groupCells(one)]);
  const [titles = '', ...table] = drawTable(COLUMNS, rows, columns);
  const rest = restOf(stats.groups);
  const slow = slowSentences(stats).flatMap((one, i) => wrap(printable(one), columns, i === 0 ? '' : '  '));
  return [
    paint('bold', cutTo(printable(`${routeText(stats)} · ${sizeOf(stats)}`), columns)),
    cutTo(percentiles.join('   '), columns),
    '',
    paint('dim', titles),
    ...table,
    ...(rest === undefined ? [] : [paint('dim', rest)]),
    '',
    ...slow,
    paint('dim', `slowest ${stats.slowest.traceId} ${durationText(stats.slowest.durationNs)}`),
    paint('dim', `median  ${stats.median.traceId} ${durationText(stats.median.durationNs)}`),
    '',
    paint('bold', printable(stats.sentence)),
  ];
}

function routeMarkdown(stats: RouteStats): string {
  const columns = COLUMNS.map(({ title, align }) => ({ title, isNumber: align === 'right' }));
  const rows = stats.groups
    .slice(0, MOST_GROUPS)
    .map((one) => [codeText(groupText(one)), ...groupCells(one).map(plainText)]);
  const rest = restOf(stats.groups);
  const percentiles = percentilesOf(stats).map(([name, value]) => `${name} **${value}**`);
  return [
    `#### ${codeText(routeText(stats))}: ${sizeOf(stats)}`,
    '',
    `**${plainText(stats.sentence)}**`,
    '',
    percentiles.join(' · '),
    '',
    markdownTable(columns, rows),
    ...(rest === undefined ? [] : ['', plainText(rest)]),
    '',
    ...slowSentences(stats).map((one, i) => (i === 0 ? plainText(one) : `- ${plainText(one)}`)),
    '',
    `Slowest ${codeText(stats.slowest.traceId)}, median ${codeText(stats.median.traceId)}`,
  ].join('\n');
}

/** The routes in every format. */
export function routesResult(report: RoutesReport): Result {
  const { source, traces, routes, broken, warnings } = report;
  return {
    text: (columns, paint) => routes.map((one) => routeLines(one, columns, paint).join('\n')).join('\n\n\n'),
    json: (): RoutesJson => {
      const brokenLimits = toLimitsJson(broken);
      return { source, traces, routes: routes.map(toRouteJson), brokenLimits, warnings };
    },
    markdown: () => [routes.map(routeMarkdown).join('\n\n'), ...limitsMarkdown(broken)].join('\n'),
  };
}
