// The spans of one request for one trace: which of them are new, and whether the trace has room for them.
import { LINK_BYTES } from './link-index.ts';
import { PART, PART_BYTES } from './parts.ts';
import { spanLength } from './span-bytes.ts';
import { printOf, SpanIds } from './span-ids.ts';
import type { SpanRecord } from './span-record.ts';
import { maxTraceBytes, type StoreLimits } from './store-limits.ts';
import type { StoreState } from './store-state.ts';
import { TRACE_BYTES, type TraceEntry } from './trace-entry.ts';

/** Spans of a trace up to which each is compared with each. */
const FEW = 32;

/** Bytes that a stored span takes. */
export function bytesOfSpan(span: SpanRecord): number {
  return spanLength(span) + span.linkedTraceIds.length * LINK_BYTES;
}

/** A span's identity beside its trace and its id. */
type Sameness = (span: SpanRecord) => string;

/** What is told apart: spans with the same text are the same. */
function keyOf(spanId: bigint, service: string, kind: number): string {
  return `${spanId}/${kind}/${service}`;
}

const keyOfRecord: Sameness = ({ spanId, origin, kind }) => keyOf(spanId, origin.service, kind);

function isSame(a: SpanRecord, b: SpanRecord): boolean {
  return a.spanId === b.spanId && a.kind === b.kind && a.origin.service === b.origin.service;
}

export class Draft {
  readonly traceId: string;
  /** The trace, when it is stored already. */
  readonly entry: TraceEntry | undefined;
  /** Spans that were sent for the trace. */
  readonly sent: SpanRecord[] = [];
  /** Those of them that are to be stored. */
  readonly spans: SpanRecord[] = [];
  duplicates = 0;
  tooMany = 0;
  /** Which spans the trace has then, where they are many. */
  ids: SpanIds | undefined;
  #bytes: number;

  constructor(traceId: string, entry: TraceEntry | undefined) {
    this.traceId = traceId;
    this.entry = entry;
    this.#bytes = entry?.bytes ?? TRACE_BYTES;
  }

  /** Whether anything has arrived for the trace: what finds no room has not. */
  get hasArrived(): boolean {
    return this.spans.length + this.duplicates > 0;
  }

  /** Sorts what was sent into new spans, duplicates and those without room. */
  sort(state: StoreState, limits: StoreLimits): void {
    const stored = this.entry?.spans ?? 0;
    const isKnown =
      stored + this.sent.length <= FEW ? this.#byComparison(state) : this.#byFingerprint(state, limits);
    for (const span of this.sent) {
      if (!this.#hasRoom(span, limits)) this.tooMany++;
      else if (isKnown(span)) this.duplicates++;
      else {
        this.spans.push(span);
        this.#bytes += bytesOfSpan(span) + PART_BYTES;
      }
    }
  }

  #hasRoom(span: SpanRecord, limits: StoreLimits): boolean {
    const spans = (this.entry?.spans ?? 0) + this.spans.length;
    const bytes = this.#bytes + bytesOfSpan(span) + PART_BYTES;
    return spans < limits.maxSpansPerTrace && bytes <= maxTraceBytes(limits);
  }

  #byComparison(state: StoreState): (span: SpanRecord) => boolean {
    return (span) => this.spans.some((one) => isSame(one, span)) || this.#isStored(state, span);
  }

  #isStored({ blocks, catalog }: StoreState, { spanId, origin, kind }: SpanRecord): boolean {
    const { parts } = this.entry ?? { parts: [] };
    for (let i = 0; i < parts.length; i += PART) {
      const spans = blocks.spansAt(parts, i);
      while (spans.next()) {
        if (spans.spanId !== spanId) continue;
        const operation = catalog.operations.get(spans.operation)?.value;
        const service = catalog.services.get(operation?.service ?? 0)?.value;
        if (operation?.kind === kind && service === origin.service) return true;
      }
    }
    return false;
  }

  /** Looks only those spans up whose fingerprint has been seen before. */
  #byFingerprint(state: StoreState, limits: StoreLimits): (span: SpanRecord) => boolean {
    this.ids = this.entry?.ids ?? this.#fingerprintsOf(state);
    const suspects = new Set<number>();
    for (const span of this.sent) {
      // A full trace that goes on arriving is not to grow by fingerprints.
      if (!this.#hasRoom(span, limits)) continue;
      const print = printOf(span.spanId);
      if (!this.ids.add(print)) suspects.add(print);
    }
    if (suspects.size === 0) return () => false;
    const known = this.#keysOf(state, suspects);
    return (span) => {
      if (!suspects.has(printOf(span.spanId))) return false;
      const key = keyOfRecord(span);
      if (known.has(key)) return true;
      known.add(key);
      return false;
    };
  }

  #fingerprintsOf({ blocks }: StoreState): SpanIds {
    const ids = new SpanIds();
    const { parts } = this.entry ?? { parts: [] };
    for (let i = 0; i < parts.length; i += PART) {
      const spans = blocks.spansAt(parts, i);
      while (spans.next()) ids.add(printOf(spans.spanId));
    }
    return ids;
  }

  /** What the stored spans with these fingerprints are told apart by. */
  #keysOf({ blocks, catalog }: StoreState, prints: ReadonlySet<number>): Set<string> {
    const keys = new Set<string>();
    const { parts } = this.entry ?? { parts: [] };
    for (let i = 0; i < parts.length; i += PART) {
      const spans = blocks.spansAt(parts, i);
      while (spans.next()) {
        const { spanId } = spans;
        if (!prints.has(printOf(spanId))) continue;
        const operation = catalog.operations.get(spans.operation)?.value;
        const service = catalog.services.get(operation?.service ?? 0)?.value ?? '';
        keys.add(keyOf(spanId, service, operation?.kind ?? 0));
      }
    }
    return keys;
  }
}
