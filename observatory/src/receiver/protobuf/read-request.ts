// Protobuf ExportTraceServiceRequest -> the records that the store takes, and the spans that it can't.
import type { Origin } from '../../store/index.ts';
import { MessageReader, toProtobufError } from '../../wire/protobuf/message-reader.ts';
import { checkMessage, SHAPES, type Shape } from '../../wire/protobuf/shapes.ts';
import type { SpanBatch } from '../span-batch.ts';
import { toOrigin } from './decode-origin.ts';
import { readSpanRecord } from './read-span-record.ts';

const NOTHING = new Uint8Array(0);

/** A message inside the body, by its offsets. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A message that has one header (resource, scope) and many items (scope spans, spans), in any order. */
interface Group {
  readonly header: Uint8Array;
  readonly items: readonly Extent[];
}

/** Both ResourceSpans and ScopeSpans: field 1 is the header, field 2 the items, field 3 a schema URL. */
function readGroup(reader: MessageReader, end: number, header: Shape): Group {
  let bytes: Uint8Array = NOTHING;
  const items: Extent[] = [];
  while (reader.next(end)) {
    if (reader.field === 1) {
      const headerEnd = reader.enter(end);
      bytes = reader.body.subarray(reader.pos, headerEnd);
      checkMessage(reader, headerEnd, header);
    } else if (reader.field === 2) {
      const itemEnd = reader.enter(end);
      items.push({ start: reader.pos, end: itemEnd });
      reader.pos = itemEnd;
    } else reader.pass(end);
  }
  return { header: bytes, items };
}

/** Spans that are read at once: more than an exporter sends in one request unless it is told to. */
const SLICE = 1024;

function* readSpans(
  reader: MessageReader,
  spans: readonly Extent[],
  origin: Origin,
  batch: SpanBatch,
): Generator<void> {
  let left = SLICE;
  for (const extent of spans) {
    reader.pos = extent.start;
    const span = readSpanRecord(reader, extent.end, origin);
    if (typeof span === 'string') batch.reject(span);
    else batch.accept(span);
    if (--left > 0) continue;
    left = SLICE;
    yield;
  }
}

function* readGroups(reader: MessageReader, end: number, batch: SpanBatch): Generator<void> {
  while (reader.next(end)) {
    if (reader.field !== 1) {
      reader.pass(end);
      continue;
    }
    const resourceEnd = reader.enter(end);
    const resourceSpans = readGroup(reader, resourceEnd, SHAPES.resource);
    for (const extent of resourceSpans.items) {
      reader.pos = extent.start;
      const scopeSpans = readGroup(reader, extent.end, SHAPES.scope);
      const origin = toOrigin(resourceSpans.header, scopeSpans.header);
      yield* readSpans(reader, scopeSpans.items, origin, batch);
    }
    reader.pos = resourceEnd;
  }
}

/**
 * Reads every span of the body into `batch`, so many with every step.
 * @throws ProtobufError when the body is not an ExportTraceServiceRequest; `batch` is then of no use.
 */
export function* readRequest(body: Uint8Array, batch: SpanBatch): Generator<void> {
  const reader = new MessageReader(body);
  try {
    yield* readGroups(reader, reader.len, batch);
  } catch (cause) {
    throw toProtobufError(reader, cause);
  }
}
