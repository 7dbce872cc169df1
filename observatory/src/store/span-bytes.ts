// How a span lies in a block: a head of fixed width, which limits, lists and searches read, then the span itself.
import type { SpanRecord } from './span-record.ts';

/** Bytes in which spans lie one after the other. */
export interface Block {
  readonly bytes: Buffer;
  readonly view: DataView;
}

// Offsets in the head; everything is little-endian. The number of a trace has 48 bits: 32 would not do for a week.
const LENGTH = 0;
const TRACE_LOW = 4;
const TRACE_HIGH = 8;
const STATUS = 10;
const HAS_LINKS = 11;
const OPERATION = 12;
const ORIGIN = 16;
const SPAN_ID = 20;
const PARENT_ID = 28;
const START = 36;
const DURATION = 44;

/** Bytes of a span beside its own. */
export const HEAD_BYTES = 52;

const WORD = 2 ** 32;

/** What stands for the names in the head of a span. */
export interface SpanNumbers {
  readonly trace: number;
  readonly operation: number;
  readonly origin: number;
}

export function toBlock(bytes: Uint8Array): Block {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    bytes: Buffer.from(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
  };
}

/** Bytes that a span takes in a block. */
export function spanLength(span: SpanRecord): number {
  return HEAD_BYTES + span.sourceEnd - span.sourceStart;
}

/** Writes a span, and returns where the next one may begin. */
export function writeSpan(
  { bytes, view }: Block,
  at: number,
  span: SpanRecord,
  numbers: SpanNumbers,
): number {
  const length = spanLength(span);
  view.setUint32(at + LENGTH, length, true);
  view.setUint32(at + TRACE_LOW, numbers.trace % WORD, true);
  view.setUint16(at + TRACE_HIGH, Math.floor(numbers.trace / WORD), true);
  view.setUint8(at + STATUS, span.status);
  view.setUint8(at + HAS_LINKS, span.linkedTraceIds.length > 0 ? 1 : 0);
  view.setUint32(at + OPERATION, numbers.operation, true);
  view.setUint32(at + ORIGIN, numbers.origin, true);
  view.setBigInt64(at + SPAN_ID, span.spanId, true);
  view.setBigInt64(at + PARENT_ID, span.parentSpanId, true);
  view.setBigInt64(at + START, span.startNs, true);
  view.setBigInt64(at + DURATION, span.durationNs, true);
  copy(span, bytes, at + HEAD_BYTES);
  return at + length;
}

function copy({ source, sourceStart, sourceEnd }: SpanRecord, to: Buffer, at: number): void {
  const bytes = Buffer.isBuffer(source)
    ? source
    : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  bytes.copy(to, at, sourceStart, sourceEnd);
}

/** Goes from span to span in a stretch of a block. */
export class SpanCursor {
  readonly #block: Block;
  readonly #end: number;
  #next: number;
  /** Where the span begins. */
  at = 0;

  constructor(block: Block, start: number, end: number) {
    this.#block = block;
    this.#next = start;
    this.#end = end;
  }

  /** Moves to the next span; `false` when there is none. */
  next(): boolean {
    if (this.#next >= this.#end) return false;
    this.at = this.#next;
    this.#next += this.#block.view.getUint32(this.at + LENGTH, true);
    return true;
  }

  get length(): number {
    return this.#next - this.at;
  }

  get trace(): number {
    const { view } = this.#block;
    return view.getUint32(this.at + TRACE_LOW, true) + view.getUint16(this.at + TRACE_HIGH, true) * WORD;
  }

  get status(): number {
    return this.#block.view.getUint8(this.at + STATUS);
  }

  get hasLinks(): boolean {
    return this.#block.view.getUint8(this.at + HAS_LINKS) === 1;
  }

  get operation(): number {
    return this.#block.view.getUint32(this.at + OPERATION, true);
  }

  get origin(): number {
    return this.#block.view.getUint32(this.at + ORIGIN, true);
  }

  get spanId(): bigint {
    return this.#block.view.getBigInt64(this.at + SPAN_ID, true);
  }

  get parentSpanId(): bigint {
    return this.#block.view.getBigInt64(this.at + PARENT_ID, true);
  }

  get startNs(): bigint {
    return this.#block.view.getBigInt64(this.at + START, true);
  }

  get durationNs(): bigint {
    return this.#block.view.getBigInt64(this.at + DURATION, true);
  }

  /** The span itself, not copied. */
  get body(): Buffer {
    return this.#block.bytes.subarray(this.at + HEAD_BYTES, this.#next);
  }
}
