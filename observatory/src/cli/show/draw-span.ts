// All that is known of a span, in lines for a terminal.

import { durationText } from '../../trace/duration-text.ts';
import { msToNs } from '../../trace/nanoseconds.ts';
import type { SpanNode } from '../../trace/node.ts';
import { spanText } from '../../trace/warning.ts';
import { columnsOf, cutTo, fitTo } from '../fit-text.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { isFailed } from '../waterfall/outcome.ts';
import type { JsonValue, SpanJson } from './span-details.ts';

const WIDEST_KEY = 32;

function valueText(value: JsonValue): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Keys and values below each other, the keys of one width. */
function drawPairs(values: JsonValue, columns: number, indent: string): string[] {
  const pairs = Object.entries(values as Record<string, JsonValue>).sort(([a], [b]) => (a < b ? -1 : 1));
  const widest = Math.min(WIDEST_KEY, Math.max(0, ...pairs.map(([key]) => columnsOf(printable(key)))));
  return pairs.map(([key, value]) => {
    return cutTo(`${indent}${fitTo(printable(key), widest)}  ${valueText(value)}`, columns);
  });
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [`  ${paint('dim', title)}`, ...lines];
}

function timesOf({ startMs, durationMs, selfMs }: SpanJson): string {
  const text = (ms: number): string => durationText(msToNs(ms));
  const own = selfMs > 0 ? `${text(selfMs)} of it its own on the critical path` : 'not on the critical path';
  return `starts at ${text(startMs)}, takes ${text(durationMs)}, ${own}`;
}

function eventLines({ events }: SpanJson, columns: number): string[] {
  return events.flatMap(({ name, timeMs, attributes }) => [
    cutTo(`    ${durationText(msToNs(timeMs))}  ${printable(name)}`, columns),
    ...drawPairs(attributes, columns, '      '),
  ]);
}

function linkLines({ links }: SpanJson, columns: number): string[] {
  return links.flatMap(({ traceId, spanId, attributes }) => [
    cutTo(`    trace ${traceId} span ${spanId}`, columns),
    ...drawPairs(attributes, columns, '      '),
  ]);
}

/** A span with its times, status, attributes, events, links and resource. */
export function drawSpan(node: SpanNode, details: SpanJson, columns: number, paint: Paint): string[] {
  const { kind, spanId, parentSpanId, status, statusMessage, scope } = details;
  const state = statusMessage === '' ? status : `${status}: ${statusMessage}`;
  const parent = parentSpanId === null ? 'no parent' : `parent ${parentSpanId}`;
  const made = scope.name === '' ? '' : ` · made by ${scope.name} ${scope.version}`.trimEnd();
  return [
    paint(isFailed(node.span) ? ['bold', 'red'] : 'bold', cutTo(printable(spanText(node.span)), columns)),
    cutTo(`  ${kind} ${spanId} · ${parent}${printable(made)}`, columns),
    cutTo(`  ${timesOf(details)}`, columns),
    ...(status === 'UNSET' ? [] : [cutTo(`  status ${printable(state)}`, columns)]),
    ...section('attributes', drawPairs(details.attributes, columns, '    '), paint),
    ...section('events', eventLines(details, columns), paint),
    ...section('links', linkLines(details, columns), paint),
    ...section('resource', drawPairs(details.resource, columns, '    '), paint),
  ];
}
