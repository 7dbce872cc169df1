// Writes spans as OTLP/protobuf (opentelemetry/proto/trace/v1/trace.proto).

import type { Link, SpanContext, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { RecordedSpan } from '../recording/recorded-span.ts';
import { ByteWriter } from './byte-writer.ts';
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
const FIXED_FIELDS = 160;
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

const writer = new ByteWriter();

/** The span as a field of ScopeSpans: so many bytes from the beginning of a buffer that the next call writes over. */
export interface EncodedSpan {
  readonly bytes: Buffer;
  readonly length: number;
}

/** No view on the bytes is made, because a view costs as much as encoding a few attributes. */
export function encodeSpan(span: ReadableSpan): EncodedSpan {
  writer.at = 0;
  writer.byte(SPANS);
  const start = writer.begin();
  writeSpan(span);
  writer.end(start);
  return { bytes: writer.bytes, length: writer.at };
}

function writeSpan(span: ReadableSpan): void {
  const { kind, status, events, links } = span;
  const context = span.spanContext();
  writer.reserve(FIXED_FIELDS);
  writeIds(SPAN, context);
  const parent = span.parentSpanContext as SpanContext | undefined;
  if (parent !== undefined) writeId(SPAN.parentSpanId, parent.spanId, SPAN_ID_BYTES);
  writer.byte(SPAN.name);
  writeText(writer, span.name);
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPAN.kind);
  writer.byte(kind + 1);
  writer.byte(SPAN.startTime);
  writer.nanoseconds(span.startTime);
  writer.byte(SPAN.endTime);
  writer.nanoseconds(span.endTime);
  writeSpanAttributes(span);
  for (let i = 0; i < events.length; i++) writeEvent(events[i] as TimedEvent);
  for (let i = 0; i < links.length; i++) writeLink(links[i] as Link);
  writer.reserve(FIXED_FIELDS);
  writeCount(SPAN.droppedAttributes, span.droppedAttributesCount);
  writeCount(SPAN.droppedEvents, span.droppedEventsCount);
  writeCount(SPAN.droppedLinks, span.droppedLinksCount);
  if (status.code !== 0) writeStatus(status);
  writer.byte(SPAN_FLAGS[0]);
  writer.byte(SPAN_FLAGS[1]);
  writer.fixed32(flagsOf(context, parent?.isRemote === true));
}

function writeSpanAttributes(span: ReadableSpan): void {
  if (!(span instanceof RecordedSpan)) {
    writeAttributes(writer, SPAN.attribute, span.attributes);
    return;
  }
  const flat = span.flatAttributes;
  for (let i = 0; i < flat.length; i += 2) {
    writer.reserve(FIXED_FIELDS);
    writeAttribute(writer, SPAN.attribute, flat[i] as string, flat[i + 1]);
  }
}

function writeEvent({ time, name, attributes, droppedAttributesCount }: TimedEvent): void {
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPAN.event);
  const start = writer.begin();
  writer.byte(EVENT.time);
  writer.nanoseconds(time);
  writer.byte(EVENT.name);
  writeText(writer, name);
  writeAttributes(writer, EVENT.attribute, attributes);
  writer.reserve(FIXED_FIELDS);
  writeCount(EVENT.droppedAttributes, droppedAttributesCount);
  writer.end(start);
}

function writeLink({ context, attributes, droppedAttributesCount }: Link): void {
  writer.reserve(FIXED_FIELDS);
  writer.byte(SPAN.link);
  const start = writer.begin();
  writeIds(LINK, context);
  writeAttributes(writer, LINK.attribute, attributes);
  writer.reserve(FIXED_FIELDS);
  writeCount(LINK.droppedAttributes, droppedAttributesCount);
  writer.byte(LINK.flags);
  writer.fixed32(flagsOf(context, context.isRemote === true));
  writer.end(start);
}

function writeStatus({ code, message }: SpanStatus): void {
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
  fields: { readonly traceId: number; readonly spanId: number; readonly traceState: number },
  { traceId, spanId, traceState }: SpanContext,
): void {
  writeId(fields.traceId, traceId, TRACE_ID_BYTES);
  writeId(fields.spanId, spanId, SPAN_ID_BYTES);
  const state = traceState?.serialize() ?? '';
  if (state === '') return;
  writer.byte(fields.traceState);
  writeText(writer, state);
  writer.reserve(FIXED_FIELDS);
}

function writeId(field: number, id: string, length: number): void {
  if (id?.length !== length * 2) return;
  writer.byte(field);
  writer.byte(length);
  writer.hex(id);
}

function writeCount(field: number, count = 0): void {
  if (count === 0) return;
  writer.byte(field);
  writer.varint(count);
}

function flagsOf({ traceFlags }: SpanContext, isRemote: boolean): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
}
