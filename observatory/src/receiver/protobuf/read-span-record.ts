// Checks one protobuf span and takes out of it what the store searches by; the rest stays bytes.
import { WireType } from '@bufbuild/protobuf/wire';
import type { Origin, SpanRecord } from '../../store/index.ts';
import type { MessageReader } from '../../wire/protobuf/message-reader.ts';
import { isPlainAttribute } from '../../wire/protobuf/plain-attribute.ts';
import { checkMessage, SHAPES } from '../../wire/protobuf/shapes.ts';
import type { InvalidSpan } from '../invalid-span.ts';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const NO_ID = '0'.repeat(TRACE_ID_BYTES * 2);
const MAX_KIND = 5;
const MAX_STATUS = 2;
/** Most spans have no links: they share this. */
const NO_LINKS: readonly string[] = [];

/** The largest time that a signed 64-bit column holds: the year 2262. */
const MAX_NS = 2n ** 63n - 1n;

/** A time or a length of time as far as the store's columns reach; the span's own bytes keep the exact one. */
export function toColumnNs(ns: bigint): bigint {
  if (ns < 0n) return 0n;
  return ns > MAX_NS ? MAX_NS : ns;
}

/** Reads a field of an id; `undefined` when its length is wrong or all its bytes are zero. */
function readTraceId(reader: MessageReader, end: number): string | undefined {
  const fieldEnd = reader.enter(end);
  const start = reader.pos;
  reader.pos = fieldEnd;
  if (fieldEnd - start !== TRACE_ID_BYTES) return undefined;
  const hex = reader.traceIdAt(start);
  return hex === NO_ID ? undefined : hex;
}

/** Reads a field of a span id as an integer: 0 when empty or all zero, `undefined` when its length is wrong. */
function readSpanId(reader: MessageReader, end: number): bigint | undefined {
  const fieldEnd = reader.enter(end);
  const start = reader.pos;
  reader.pos = fieldEnd;
  if (fieldEnd === start) return 0n;
  return fieldEnd - start === SPAN_ID_BYTES ? reader.int64At(start) : undefined;
}

/** The trace that a link leads to; `undefined` when one of its ids is invalid. */
function readLink(reader: MessageReader, end: number): string | undefined {
  let traceId: string | undefined;
  let spanId: bigint | undefined;
  while (reader.next(end)) {
    if (reader.field === 1) traceId = readTraceId(reader, end);
    else if (reader.field === 2) spanId = readSpanId(reader, end);
    else if (reader.field === 4) checkMessage(reader, reader.enter(end), SHAPES.attribute);
    else {
      if (reader.field === 3) reader.expect(WireType.LengthDelimited);
      if (reader.field === 5) reader.expect(WireType.Varint);
      if (reader.field === 6) reader.expect(WireType.Bit32);
      reader.pass(end);
    }
  }
  return spanId === undefined || spanId === 0n ? undefined : traceId;
}

function readStatus(reader: MessageReader, end: number): number {
  const start = reader.pos;
  checkMessage(reader, end, SHAPES.status);
  reader.pos = start;
  let code = 0;
  while (reader.next(end)) {
    if (reader.field === 3) code = reader.int32();
    else reader.pass(end);
  }
  return code >= 0 && code <= MAX_STATUS ? code : 0;
}

function checkAttribute(reader: MessageReader, end: number): void {
  if (isPlainAttribute(reader.body, reader.pos, end)) reader.pos = end;
  else checkMessage(reader, end, SHAPES.attribute);
}

/** The fields of a span, collected in whatever order they come. */
class SpanFields {
  traceId: string | undefined;
  spanId: bigint | undefined;
  parentSpanId: bigint | undefined = 0n;
  name = '';
  kind = 0;
  startNs = 0n;
  endNs = 0n;
  status = 0;
  linksAreValid = true;
  /** Made with the first link. */
  links: string[] | undefined;

  read(reader: MessageReader, end: number): void {
    switch (reader.field) {
      case 1:
        this.traceId = readTraceId(reader, end);
        return;
      case 2:
        this.spanId = readSpanId(reader, end);
        return;
      case 4:
        this.parentSpanId = readSpanId(reader, end);
        return;
      case 5:
        this.name = reader.text(end);
        return;
      case 6:
        reader.expect(WireType.Varint);
        this.kind = reader.int32();
        return;
      case 7:
        this.startNs = reader.uint64Fixed();
        return;
      case 8:
        this.endNs = reader.uint64Fixed();
        return;
      case 9:
        checkAttribute(reader, reader.enter(end));
        return;
      case 11:
        checkMessage(reader, reader.enter(end), SHAPES.event);
        return;
      case 13:
        this.#link(readLink(reader, reader.enter(end)));
        return;
      case 15:
        this.status = readStatus(reader, reader.enter(end));
        return;
      default:
        passOther(reader, end);
    }
  }

  #link(traceId: string | undefined): void {
    if (traceId === undefined) this.linksAreValid = false;
    else if (this.links === undefined) this.links = [traceId];
    else this.links.push(traceId);
  }
}

function passOther(reader: MessageReader, end: number): void {
  if (reader.field === 3) reader.expect(WireType.LengthDelimited);
  else if (reader.field === 10 || reader.field === 12 || reader.field === 14) reader.expect(WireType.Varint);
  else if (reader.field === 16) reader.expect(WireType.Bit32);
  reader.pass(end);
}

/**
 * The span between the reader and `end`, or the reason why it cannot be kept.
 * @throws ProtobufError when the bytes are no span at all.
 */
export function readSpanRecord(reader: MessageReader, end: number, origin: Origin): SpanRecord | InvalidSpan {
  const start = reader.pos;
  const span = new SpanFields();
  while (reader.next(end)) span.read(reader, end);
  if (span.traceId === undefined) return 'invalidTraceId';
  if (span.spanId === undefined || span.spanId === 0n) return 'invalidSpanId';
  if (span.parentSpanId === undefined) return 'invalidParentSpanId';
  if (!span.linksAreValid) return 'invalidLink';
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind >= 0 && span.kind <= MAX_KIND ? span.kind : 0,
    startNs: toColumnNs(span.startNs),
    durationNs: toColumnNs(span.endNs - span.startNs),
    status: span.status,
    origin,
    linkedTraceIds: span.links ?? NO_LINKS,
    source: reader.body,
    sourceStart: start,
    sourceEnd: end,
  };
}
