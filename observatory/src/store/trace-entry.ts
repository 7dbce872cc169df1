// What the store knows of a trace without reading its spans.
import type { Queued } from './arrival-list.ts';
import type { NameUses } from './name-uses.ts';
import { PART_BYTES, type Parts } from './parts.ts';
import type { SpanIds } from './span-ids.ts';

/** A stored trace. */
export interface TraceEntry extends Queued<TraceEntry> {
  /** The number that stands for the trace in its spans. */
  readonly id: number;
  readonly traceId: string;
  /** Grows with every arrival in the store. */
  arrival: number;
  spans: number;
  bytes: number;
  /** Start of the earliest span and of the latest, and end of the latest; nanoseconds since the Unix epoch. */
  startNs: bigint;
  lastStartNs: bigint;
  endNs: bigint;
  /** Spans with the status ERROR. */
  errors: number;
  /** Id of the operation that a list shows for the trace: its earliest root's, or its earliest span's. */
  head: number;
  headStartNs: bigint;
  headIsRoot: boolean;
  /** Whether spans of the trace had been evicted before this entry began. */
  readonly isLate: boolean;
  /** Where its spans are. */
  readonly parts: Parts;
  /** The names that its spans use. */
  readonly names: NameUses;
  /** Which spans it has, where they are many. */
  ids: SpanIds | undefined;
}

/** Bytes that a trace takes beside its spans: entry, map, id. */
export const TRACE_BYTES = 600;

const MAX_NS = 2n ** 63n - 1n;

/** `STATUS_CODE_ERROR` of OTLP. */
const ERROR = 2;

/** What counts of a span that was stored, in its head or on its way there. */
export interface CountedSpan {
  readonly parentSpanId: bigint;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  readonly status: number;
}

function isBetterHead(entry: TraceEntry, span: CountedSpan, isRoot: boolean): boolean {
  if (entry.spans === 0) return true;
  if (entry.headIsRoot !== isRoot) return isRoot;
  return span.startNs < entry.headStartNs;
}

/** Takes a span that was stored into account, with the id of its operation and the bytes that it takes. */
export function countSpan(entry: TraceEntry, span: CountedSpan, operation: number, bytes: number): void {
  const { startNs } = span;
  const endNs = startNs + span.durationNs;
  const isRoot = span.parentSpanId === 0n;
  if (isBetterHead(entry, span, isRoot)) {
    entry.head = operation;
    entry.headStartNs = startNs;
    entry.headIsRoot = isRoot;
  }
  if (entry.spans === 0 || startNs < entry.startNs) entry.startNs = startNs;
  if (entry.spans === 0 || startNs > entry.lastStartNs) entry.lastStartNs = startNs;
  if (entry.spans === 0 || endNs > entry.endNs) entry.endNs = endNs > MAX_NS ? MAX_NS : endNs;
  if (span.status === ERROR) entry.errors++;
  entry.spans++;
  entry.bytes += bytes;
}

/** Adds a part to the entry, and returns the bytes that this takes. */
export function addPart(entry: TraceEntry, part: Parts): number {
  entry.parts.push(...part);
  entry.bytes += PART_BYTES;
  return PART_BYTES;
}

/** The entry of a trace without spans. */
export function emptyEntry(id: number, traceId: string, isLate: boolean): TraceEntry {
  return {
    id,
    traceId,
    arrival: 0,
    spans: 0,
    bytes: TRACE_BYTES,
    startNs: 0n,
    lastStartNs: 0n,
    endNs: 0n,
    errors: 0,
    head: 0,
    headStartNs: 0n,
    headIsRoot: false,
    isLate,
    parts: [],
    names: [],
    ids: undefined,
    older: undefined,
    newer: undefined,
  };
}
