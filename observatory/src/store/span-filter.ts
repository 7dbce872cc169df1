// Splits a search into what the heads of spans answer and what needs the decoded span.

import { attributeClues, attributeTest } from './match-attributes.ts';
import type { SpanDecoder } from './read-trace.ts';
import type { SpanCursor } from './span-bytes.ts';
import type { SpanTest, TraceQuery } from './trace-query.ts';

const ALL_KINDS = 0b111111;
const ALL_STATUSES = 0b111;
const ERROR = 0b100;
const KINDS: readonly string[] = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUSES: readonly string[] = ['UNSET', 'OK', 'ERROR'];
const TRUE = /^(1|t|T|TRUE|true|True)$/;
const FALSE = /^(0|f|F|FALSE|false|False)$/;
const MAX_NS = 2n ** 63n - 1n;

/** Conditions on what the head of a span has; kinds and statuses are sets of bits. */
export interface ColumnFilter {
  readonly startMinNs: bigint;
  readonly startMaxNs: bigint;
  readonly durationMinNs: bigint;
  readonly durationMaxNs: bigint;
  readonly kinds: number;
  readonly statuses: number;
}

/** A condition on the whole span. */
export interface SpanCondition {
  readonly test: SpanTest;
  /** Bytes that must occur in the span's body or its origin's. */
  readonly clues: readonly Buffer[];
}

export interface SpanFilter {
  readonly columns: ColumnFilter;
  readonly conditions: readonly SpanCondition[];
}

function clamp(ns: bigint | undefined, fallback: bigint): bigint {
  if (ns === undefined) return fallback;
  if (ns > MAX_NS) return MAX_NS;
  return ns < 0n ? 0n : ns;
}

function errorStatuses(text: string): number {
  if (TRUE.test(text)) return ERROR;
  return FALSE.test(text) ? ALL_STATUSES & ~ERROR : 0;
}

function bitOf(words: readonly string[], text: string): number {
  return 1 << Math.max(0, words.indexOf(text.toUpperCase()));
}

function toCondition(key: string, text: string): SpanCondition {
  const clues = attributeClues(key, text).map((clue) => Buffer.from(clue));
  return { test: attributeTest(key, text), clues };
}

export function toSpanFilter(query: TraceQuery): SpanFilter {
  let kinds = ALL_KINDS;
  let statuses = ALL_STATUSES;
  const conditions: SpanCondition[] = [];
  for (const [key, text] of query.attributes ?? []) {
    if (key === 'error') statuses &= errorStatuses(text);
    else if (key === 'span.status') statuses &= bitOf(STATUSES, text);
    else if (key === 'span.kind') kinds &= bitOf(KINDS, text);
    else conditions.push(toCondition(key, text));
  }
  const columns: ColumnFilter = {
    startMinNs: clamp(query.startMinNs, 0n),
    startMaxNs: clamp(query.startMaxNs, MAX_NS),
    durationMinNs: clamp(query.durationMinNs, 0n),
    durationMaxNs: clamp(query.durationMaxNs, MAX_NS),
    kinds,
    statuses,
  };
  return { columns, conditions };
}

/** Whether the head of a span meets the conditions on columns, given the kind of its operation. */
export function meetsColumns(columns: ColumnFilter, spans: SpanCursor, kind: number): boolean {
  const { startNs, durationNs } = spans;
  return (
    startNs >= columns.startMinNs &&
    startNs <= columns.startMaxNs &&
    durationNs >= columns.durationMinNs &&
    durationNs <= columns.durationMaxNs &&
    ((columns.kinds >> kind) & 1) === 1 &&
    ((columns.statuses >> spans.status) & 1) === 1
  );
}

/** Whether a stored span meets every condition; it is decoded only when its bytes make that possible. */
export function meetsConditions(
  conditions: readonly SpanCondition[],
  spans: SpanCursor,
  decoder: SpanDecoder,
): boolean {
  if (conditions.length === 0) return true;
  const { body } = spans;
  const origin = decoder.originBody(spans.origin);
  const hasClue = (clue: Buffer): boolean => body.includes(clue) || origin.includes(clue);
  if (!conditions.every(({ clues }) => clues.every(hasClue))) return false;
  const span = decoder.decode(spans);
  return conditions.every(({ test }) => test(span));
}
