// OTLP protobuf in: TracesData or ExportTraceServiceRequest, as a whole or one ResourceSpans -> the domain's spans.
import { serviceOf } from '../../trace/service-name.ts';
import type { Resource, Scope, Span } from '../../trace/span.ts';
import type { DecodedSpans } from '../decoded-spans.ts';
import { decodeResource, decodeScope } from './decode-resource.ts';
import { decodeSpan } from './decode-span.ts';
import { type MessageReader, readMessage } from './message-reader.ts';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const ZEROS = /^0*$/;
const NO_RESOURCE: Resource = Object.freeze({ attributes: {}, droppedAttributesCount: 0 });
const NO_SCOPE: Scope = Object.freeze({ name: '', version: '', attributes: {}, droppedAttributesCount: 0 });

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Field 1 of ResourceSpans and of ScopeSpans is the header, field 2 the items; they may come in any order. */
function readGroup<T>(
  reader: MessageReader,
  end: number,
  none: T,
  readHeader: (reader: MessageReader, end: number) => T,
): { header: T; items: Extent[] } {
  let header = none;
  const items: Extent[] = [];
  while (reader.next(end)) {
    if (reader.field === 1) header = readHeader(reader, reader.enter(end));
    else if (reader.field === 2) {
      const itemEnd = reader.enter(end);
      items.push({ start: reader.pos, end: itemEnd });
      reader.pos = itemEnd;
    } else reader.pass(end);
  }
  return { header, items };
}

function isId(id: string, bytes: number): boolean {
  return id.length === bytes * 2 && !ZEROS.test(id);
}

function isValid({ traceId, spanId, parentSpanId, links }: Span): boolean {
  return (
    isId(traceId, TRACE_ID_BYTES) &&
    isId(spanId, SPAN_ID_BYTES) &&
    (parentSpanId === '' || isId(parentSpanId, SPAN_ID_BYTES)) &&
    links.every((link) => isId(link.traceId, TRACE_ID_BYTES) && isId(link.spanId, SPAN_ID_BYTES))
  );
}

function readResourceSpans(reader: MessageReader, end: number, into: DecodedSpans): void {
  const { header: resource, items } = readGroup(reader, end, NO_RESOURCE, decodeResource);
  const service = serviceOf(resource);
  for (const scoped of items) {
    reader.pos = scoped.start;
    const { header: scope, items: spans } = readGroup(reader, scoped.end, NO_SCOPE, decodeScope);
    for (const { start, end: spanEnd } of spans) {
      const span = decodeSpan(reader.body.subarray(start, spanEnd), resource, scope, service);
      if (isValid(span)) into.spans.push(span);
      else into.invalid += 1;
    }
  }
  reader.pos = end;
}

/**
 * The spans of a whole TracesData or ExportTraceServiceRequest (OTLP 1.x). Spans whose ids are no ids are counted
 * and left out.
 * @throws ProtobufError when the bytes are no such message.
 */
export function spansFromProtobuf(body: Uint8Array): DecodedSpans {
  const decoded: DecodedSpans = { spans: [], invalid: 0 };
  readMessage(body, (reader, end) => {
    while (reader.next(end)) {
      if (reader.field === 1) readResourceSpans(reader, reader.enter(end), decoded);
      else reader.pass(end);
    }
  });
  return decoded;
}

/** The same for one ResourceSpans, the item of field 1, so that a long message can be read piece by piece. */
export function spansFromResourceSpans(body: Uint8Array): DecodedSpans {
  const decoded: DecodedSpans = { spans: [], invalid: 0 };
  readMessage(body, (reader, end) => readResourceSpans(reader, end, decoded));
  return decoded;
}
