// Writes spans as OTLP/protobuf (opentelemetry/proto/trace/v1/trace.proto).

import type { Link, SpanContext, SpanKind, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { RecordedSpan } from '../recording/recorded-span.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type KnownAttribute, LONGEST_KNOWN } from './known-attributes.ts';
import { Places } from './places.ts';
import { writeAttribute, writeAttributes, writeText } from './protobuf-values.ts';

/** Tags: number of the field times 8, and its wire type (0 varint, 1 fixed64, 2 bytes, 5 fixed32). */
const SPAN = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  startTime: 0x39,
  endTime: 0x41,
  attribute: 0x4a,
  droppedAttributes: 0x50,
  event: 0x5a,
  droppedEvents: 0x60,
  link: 0x6a,
  droppedLinks: 0x70,
  status: 0x7a,
} as const;
/** Field 16, which has a tag of two bytes. */
const SPAN_FLAGS = [0x85, 0x01] as const;
const EVENT = { time: 0x09, name: 0x12, attribute: 0x1a, droppedAttributes: 0x20 } as const;
const LINK = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  attribute: 0x22,
  droppedAttributes: 0x28,
  flags: 0x35,
} as const;
const STATUS = { message: 0x12, code: 0x18 } as const;
/** `spans` of ScopeSpans. */
const SPANS = 0x12;

/** Bits of `flags` beside those of W3C Trace Context: whether it is known that the parent is remote, and that it is. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** What all fields of fixed size need at the most. */
const FIXED_FIELDS = Math.max(160, LONGEST_KNOWN + 1);
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** More than there are kinds, whatever JavaScript hands over as one. */
const MOST_KINDS = 7;

const placesOfKinds: Places[] = [];

function placesOf(kind: SpanKind): Places {
  const at = kind & MOST_KINDS;
  placesOfKinds[at] ??= new Places(SPAN.attribute);
  return placesOfKinds[at];
}

/**
 * Writes the span as a field of ScopeSpans.
 *
 * @throws whatever encoding a span throws whose fields are not what they should be; part of it is written then
 */
export function encodeSpan(writer: ByteWriter, span: ReadableSpan): void {
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPANS);
  const start = writer.begin();
  writeSpan(writer, span);
  writer.end(start);
}

function writeSpan(writer: ByteWriter, span: ReadableSpan): void {
  const { kind, status, events, links } = span;
  const context = span.spanContext();
  writer.reserve(FIXED_FIELDS);
  writeIds(writer, SPAN, context);
  const parent = span.parentSpanContext as SpanContext | undefined;
  if (parent !== undefined) writeId(writer, SPAN.parentSpanId, parent.spanId, SPAN_ID_BYTES);
  writer.byte(SPAN.name);
  writeText(writer, span.name);
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPAN.kind);
  writer.byte(kind + 1);
  writer.byte(SPAN.startTime);
  writer.nanoseconds(span.startTime);
  writer.byte(SPAN.endTime);
  writer.nanoseconds(span.endTime);
  writeSpanAttributes(writer, span);
  for (let i = 0; i < events.length; i++) writeEvent(writer, events[i] as TimedEvent);
  for (let i = 0; i < links.length; i++) writeLink(writer, links[i] as Link);
  writer.reserve(FIXED_FIELDS);
  writeCount(writer, SPAN.droppedAttributes, span.droppedAttributesCount);
  writeCount(writer, SPAN.droppedEvents, span.droppedEventsCount);
  writeCount(writer, SPAN.droppedLinks, span.droppedLinksCount);
  if (status.code !== 0) writeStatus(writer, status);
  writer.byte(SPAN_FLAGS[0]);
  writer.byte(SPAN_FLAGS[1]);
  writer.fixed32(flagsOf(context, parent?.isRemote === true));
}

function writeSpanAttributes(writer: ByteWriter, span: ReadableSpan): void {
  if (!(span instanceof RecordedSpan)) {
    writeAttributes(writer, SPAN.attribute, span.attributes);
    return;
  }
  const flat = span.flatAttributes;
  const count = flat.length >> 1;
  const places = placesOf(span.kind);
  let place = 0;
  while (place < count) {
    const end = places.sameUntil(flat, place);
    if (end > place) {
      copyKnown(writer, places, place, end);
      place = end;
    } else {
      writer.reserve(FIXED_FIELDS);
      const known = writeAttribute(writer, SPAN.attribute, flat[place * 2] as string, flat[place * 2 + 1]);
      if (known !== undefined) places.put(place, known);
      place += 1;
    }
  }
}

/** Attributes that stand where they stood before. */
function copyKnown(writer: ByteWriter, places: Places, start: number, end: number): void {
  const bytes = places.bytesOf(start, end);
  if (bytes !== undefined) {
    writer.reserve(bytes.length);
    writer.raw(bytes);
    return;
  }
  for (let place = start; place < end; place++) {
    writer.reserve(FIXED_FIELDS);
    writer.byte(SPAN.attribute);
    writer.raw((places.at(place) as KnownAttribute).bytes);
  }
}

function writeEvent(
  writer: ByteWriter,
  { time, name, attributes, droppedAttributesCount }: TimedEvent,
): void {
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPAN.event);
  const start = writer.begin();
  writer.byte(EVENT.time);
  writer.nanoseconds(time);
  writer.byte(EVENT.name);
  writeText(writer, name);
  writeAttributes(writer, EVENT.attribute, attributes);
  writer.reserve(FIXED_FIELDS);
  writeCount(writer, EVENT.droppedAttributes, droppedAttributesCount);
  writer.end(start);
}

function writeLink(writer: ByteWriter, { context, attributes, droppedAttributesCount }: Link): void {
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPAN.link);
  const start = writer.begin();
  writeIds(writer, LINK, context);
  writeAttributes(writer, LINK.attribute, attributes);
  writer.reserve(FIXED_FIELDS);
  writeCount(writer, LINK.droppedAttributes, droppedAttributesCount);
  writer.byte(LINK.flags);
  writer.fixed32(flagsOf(context, context.isRemote === true));
  writer.end(start);
}

function writeStatus(writer: ByteWriter, { code, message }: SpanStatus): void {
  writer.byte(SPAN.status);
  const start = writer.begin();
  if (message !== undefined && message !== '') {
    writer.byte(STATUS.message);
    writeText(writer, message);
  }
  writer.reserve(FIXED_FIELDS);
  writer.byte(STATUS.code);
  writer.byte(code);
  writer.end(start);
}

function writeIds(
  writer: ByteWriter,
  fields: { readonly traceId: number; readonly spanId: number; readonly traceState: number },
  { traceId, spanId, traceState }: SpanContext,
): void {
  writeId(writer, fields.traceId, traceId, TRACE_ID_BYTES);
  writeId(writer, fields.spanId, spanId, SPAN_ID_BYTES);
  const state = traceState?.serialize() ?? '';
  if (state === '') return;
  writer.byte(fields.traceState);
  writeText(writer, state);
  writer.reserve(FIXED_FIELDS);
}

function writeId(writer: ByteWriter, field: number, id: string, length: number): void {
  if (id?.length !== length * 2) return;
  writer.byte(field);
  writer.byte(length);
  writer.hex(id);
}

function writeCount(writer: ByteWriter, field: number, count = 0): void {
  if (count === 0) return;
  writer.byte(field);
  writer.varint(count);
}

function flagsOf({ traceFlags }: SpanContext, isRemote: boolean): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
