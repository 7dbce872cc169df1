// Protobuf Span -> the domain's span, with everything in it.
import type { Resource, Scope, Span, SpanEvent, SpanLink, SpanStatus } from '../../trace/span.ts';
import { codeWord, kindWord } from '../otlp-enums.ts';
import { AttributeCollector } from './decode-attributes.ts';
import { type MessageReader, readMessage } from './message-reader.ts';

const NO_EVENTS: readonly SpanEvent[] = Object.freeze([]);
const NO_LINKS: readonly SpanLink[] = Object.freeze([]);
const UNSET: SpanStatus = Object.freeze({ code: 'UNSET', message: '' });
const ZEROS = /^0*$/;

function decodeEvent(reader: MessageReader, end: number): SpanEvent {
  const attributes = new AttributeCollector();
  let name = '';
  let timeNs = 0n;
  let droppedAttributesCount = 0;
  while (reader.next(end)) {
    if (reader.field === 1) timeNs = reader.uint64Fixed();
    else if (reader.field === 2) name = reader.text(end);
    else if (reader.field === 3) attributes.add(reader, end);
    else if (reader.field === 4) droppedAttributesCount = reader.uint32Varint();
    else reader.pass(end);
  }
  return { name, timeNs, attributes: attributes.map, droppedAttributesCount };
}

function decodeLink(reader: MessageReader, end: number): SpanLink {
  const attributes = new AttributeCollector();
  const link = { traceId: '', spanId: '', traceState: '', droppedAttributesCount: 0, flags: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) link.traceId = hex(reader, end);
    else if (reader.field === 2) link.spanId = hex(reader, end);
    else if (reader.field === 3) link.traceState = reader.text(end);
    else if (reader.field === 4) attributes.add(reader, end);
    else if (reader.field === 5) link.droppedAttributesCount = reader.uint32Varint();
    else if (reader.field === 6) link.flags = reader.uint32Fixed();
    else reader.pass(end);
  }
  return { ...link, attributes: attributes.map };
}

function decodeStatus(reader: MessageReader, end: number): SpanStatus {
  let code = 0;
  let message = '';
  while (reader.next(end)) {
    if (reader.field === 2) message = reader.text(end);
    else if (reader.field === 3) code = reader.int32();
    else reader.pass(end);
  }
  return { code: codeWord(code), message };
}

function hex(reader: MessageReader, end: number): string {
  return reader.slice(end).toString('hex');
}

/** A span being read: field by field, in any order. */
class SpanBuilder {
  readonly attributes = new AttributeCollector();
  readonly events: SpanEvent[] = [];
  readonly links: SpanLink[] = [];
  readonly plain = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '',
    startNs: 0n,
    endNs: 0n,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  kind = 0;
  status = UNSET;

  read(reader: MessageReader, end: number): void {
    const { plain } = this;
    const { field } = reader;
    if (field === 1) plain.traceId = hex(reader, end);
    else if (field === 2) plain.spanId = hex(reader, end);
    else if (field === 3) plain.traceState = reader.text(end);
    else if (field === 4) plain.parentSpanId = hex(reader, end).replace(ZEROS, '');
    else if (field === 5) plain.name = reader.text(end);
    else if (field === 6) this.kind = reader.int32();
    else if (field === 7) plain.startNs = reader.uint64Fixed();
    else if (field === 8) plain.endNs = reader.uint64Fixed();
    else if (field === 9) this.attributes.add(reader, end);
    else if (field === 11) this.events.push(decodeEvent(reader, reader.enter(end)));
    else if (field === 13) this.links.push(decodeLink(reader, reader.enter(end)));
    else if (field === 15) this.status = decodeStatus(reader, reader.enter(end));
    else this.readRest(reader, end);
  }

  readRest(reader: MessageReader, end: number): void {
    const { plain } = this;
    if (reader.field === 10) plain.droppedAttributesCount = reader.uint32Varint();
    else if (reader.field === 12) plain.droppedEventsCount = reader.uint32Varint();
    else if (reader.field === 14) plain.droppedLinksCount = reader.uint32Varint();
    else if (reader.field === 16) plain.flags = reader.uint32Fixed();
    else reader.pass(end);
  }
}

/**
 * The span in `body`. Its resource and scope are those of its origin, so that spans of one origin share them.
 * @throws ProtobufError when the bytes are no span.
 */
export function decodeSpan(body: Uint8Array, resource: Resource, scope: Scope, service: string): Span {
  const span = new SpanBuilder();
  readMessage(body, (reader, end) => {
    while (reader.next(end)) span.read(reader, end);
  });
  return {
    ...span.plain,
    kind: kindWord(span.kind),
    attributes: span.attributes.map,
    events: span.events.length === 0 ? NO_EVENTS : span.events,
    links: span.links.length === 0 ? NO_LINKS : span.links,
    status: span.status,
    resource,
    scope,
    service,
  };
}
