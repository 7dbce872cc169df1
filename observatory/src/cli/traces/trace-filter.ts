// Conditions of `longpole traces` on what is in a trace.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { msToNs } from '../../trace/nanoseconds.ts';
import type { AttributeValue, Span } from '../../trace/span.ts';
import { UsageError } from '../usage-error.ts';

/** Conditions that a trace must meet, all of them. */
export interface TraceFilter {
  /** A span has this name. */
  readonly operation?: string;
  /** The root took at most this many milliseconds. */
  readonly maxMs?: number;
  /** Each is an attribute of some span or its resource. */
  readonly attributes: readonly AttributeFilter[];
}

export interface AttributeFilter {
  readonly key: string;
  /** Compared as text; absent when the key alone must be there. */
  readonly value?: string;
}

const UNITS_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 60e3 };

/**
 * Milliseconds of `250ms`, `1.5s`, `2m`, `800us`; a number alone is milliseconds.
 * @throws UsageError
 */
export function parseDurationMs(text: string, from: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?) *([a-zµ]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS_MS[unit.toLowerCase() || 'ms'];
  if (amount !== '' && factor !== undefined) return Number(amount) * factor;
  throw new UsageError(`${from} ${JSON.stringify(text)}: give a duration such as 250ms or 1.5s.`);
}

/** @throws UsageError on an attribute without a key. */
export function parseAttribute(text: string): AttributeFilter {
  const at = text.indexOf('=');
  const key = (at < 0 ? text : text.slice(0, at)).trim();
  if (key === '')
    throw new UsageError(`--attribute ${JSON.stringify(text)}: give KEY=VALUE, such as user.id=ada.`);
  return at < 0 ? { key } : { key, value: text.slice(at + 1) };
}

function isMet(value: AttributeValue | undefined, wanted: string | undefined): boolean {
  if (value === undefined) return false;
  if (wanted === undefined) return true;
  return Array.isArray(value) ? value.some((one) => String(one) === wanted) : String(value) === wanted;
}

function hasAttribute({ attributes, resource }: Span, { key, value }: AttributeFilter): boolean {
  return isMet(attributes[key], value) || isMet(resource.attributes[key], value);
}

/** Whether the trace meets every condition. */
export function meetsFilter({ tree, path }: TraceAnalysis, filter: TraceFilter): boolean {
  const { operation, maxMs, attributes } = filter;
  if (maxMs !== undefined && path.durationNs > msToNs(maxMs)) return false;
  const spans = tree.nodes.map(({ span }) => span);
  const wanted = operation?.toLowerCase();
  if (wanted !== undefined && !spans.some(({ name }) => name.toLowerCase() === wanted)) return false;
  return attributes.every((one) => spans.some((span) => hasAttribute(span, one)));
}

/** Whether a filter has a condition at all. */
export function isFiltering({ operation, maxMs, attributes }: TraceFilter): boolean {
  return operation !== undefined || maxMs !== undefined || attributes.length > 0;
}
