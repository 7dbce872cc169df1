// The domain's span -> protobuf Span, Resource and InstrumentationScope: the form in which the store keeps spans.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Resource, Scope, Span, SpanEvent, SpanLink, SpanStatus } from '../../trace/span.ts';
import { kindNumber, statusNumber } from '../otlp-enums.ts';
import { encodeAttributes } from './encode-attributes.ts';

const LEN = WireType.LengthDelimited;

function writeText(writer: BinaryWriter, field: number, text: string): void {
  if (text !== '') writer.tag(field, LEN).string(text.toWellFormed());
}

function writeHex(writer: BinaryWriter, field: number, hex: string): void {
  if (hex !== '') writer.tag(field, LEN).bytes(Buffer.from(hex, 'hex'));
}

function writeCount(writer: BinaryWriter, field: number, count: number): void {
  if (count !== 0) writer.tag(field, WireType.Varint).uint32(count);
}

function writeTime(writer: BinaryWriter, field: number, ns: bigint): void {
  if (ns !== 0n) writer.tag(field, WireType.Bit64).fixed64(ns);
}

function writeFlags(writer: BinaryWriter, field: number, flags: number): void {
  if (flags !== 0) writer.tag(field, WireType.Bit32).fixed32(flags);
}

function writeEvent(writer: BinaryWriter, event: SpanEvent): void {
  writer.tag(11, LEN).fork();
  writeTime(writer, 1, event.timeNs);
  writeText(writer, 2, event.name);
  encodeAttributes(writer, 3, event.attributes);
  writeCount(writer, 4, event.droppedAttributesCount);
  writer.join();
}

function writeLink(writer: BinaryWriter, link: SpanLink): void {
  writer.tag(13, LEN).fork();
  writeHex(writer, 1, link.traceId);
  writeHex(writer, 2, link.spanId);
  writeText(writer, 3, link.traceState);
  encodeAttributes(writer, 4, link.attributes);
  writeCount(writer, 5, link.droppedAttributesCount);
  writeFlags(writer, 6, link.flags);
  writer.join();
}

function writeStatus(writer: BinaryWriter, status: SpanStatus): void {
  if (status.code === 'UNSET' && status.message === '') return;
  writer.tag(15, LEN).fork();
  writeText(writer, 2, status.message);
  writeCount(writer, 3, statusNumber(status.code));
  writer.join();
}

/** The span as a protobuf Span (OTLP 1.11); resource and scope are not part of it. */
export function encodeSpan(span: Span): Uint8Array {
  const writer = new BinaryWriter();
  writeHex(writer, 1, span.traceId);
  writeHex(writer, 2, span.spanId);
  writeText(writer, 3, span.traceState);
  writeHex(writer, 4, span.parentSpanId);
  writeText(writer, 5, span.name);
  writeCount(writer, 6, kindNumber(span.kind));
  writeTime(writer, 7, span.startNs);
  writeTime(writer, 8, span.endNs);
  encodeAttributes(writer, 9, span.attributes);
  writeCount(writer, 10, span.droppedAttributesCount);
  for (const event of span.events) writeEvent(writer, event);
  writeCount(writer, 12, span.droppedEventsCount);
  for (const link of span.links) writeLink(writer, link);
  writeCount(writer, 14, span.droppedLinksCount);
  writeStatus(writer, span.status);
  writeFlags(writer, 16, span.flags);
  return writer.finish();
}

/** The resource as a protobuf Resource. */
export function encodeResource(resource: Resource): Uint8Array {
  const writer = new BinaryWriter();
  encodeAttributes(writer, 1, resource.attributes);
  writeCount(writer, 2, resource.droppedAttributesCount);
  return writer.finish();
}

/** The scope as a protobuf InstrumentationScope. */
export function encodeScope(scope: Scope): Uint8Array {
  const writer = new BinaryWriter();
  writeText(writer, 1, scope.name);
  writeText(writer, 2, scope.version);
  encodeAttributes(writer, 3, scope.attributes);
  writeCount(writer, 4, scope.droppedAttributesCount);
  return writer.finish();
}
