// Protobuf AnyValue and KeyValue -> the domain's attributes.
import type { AttributeMap, AttributeValue } from '../../trace/span.ts';
import { setAttribute } from '../any-value.ts';
import { type MessageReader, ProtobufError } from './message-reader.ts';
import { MAX_VALUE_DEPTH } from './shapes.ts';

const EMPTY: AttributeMap = Object.freeze({});

function decodeList(reader: MessageReader, end: number, depth: number): AttributeValue[] {
  const list: AttributeValue[] = [];
  while (reader.next(end)) {
    if (reader.field === 1) list.push(decodeValue(reader, reader.enter(end), depth + 1));
    else reader.pass(end);
  }
  return list;
}

function decodeMap(reader: MessageReader, end: number, depth: number): AttributeMap {
  const map: Record<string, AttributeValue> = {};
  while (reader.next(end)) {
    if (reader.field === 1) decodeAttribute(reader, reader.enter(end), map, depth);
    else reader.pass(end);
  }
  return map;
}

function decodeVariant(reader: MessageReader, end: number, depth: number): AttributeValue | undefined {
  switch (reader.field) {
    case 1:
      return reader.text(end);
    case 2:
      return reader.bool();
    case 3:
      return BigInt(reader.int64());
    case 4:
      return reader.double();
    case 5:
      return decodeList(reader, reader.enter(end), depth);
    case 6:
      return decodeMap(reader, reader.enter(end), depth);
    case 7:
      return new Uint8Array(reader.slice(end));
  }
  reader.pass(end);
  return undefined;
}

function decodeValue(reader: MessageReader, end: number, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) throw new ProtobufError('an attribute value nests too deep', reader.pos);
  let value: AttributeValue = null;
  while (reader.next(end)) {
    const variant = decodeVariant(reader, end, depth);
    if (variant !== undefined) value = variant;
  }
  return value;
}

/** Adds the KeyValue between the reader and `end` to `map`; of two equal keys the last one wins. */
function decodeAttribute(
  reader: MessageReader,
  end: number,
  map: Record<string, AttributeValue>,
  depth = 0,
): void {
  let key = '';
  let value: AttributeValue = null;
  while (reader.next(end)) {
    if (reader.field === 1) key = reader.text(end);
    else if (reader.field === 2) value = decodeValue(reader, reader.enter(end), depth + 1);
    else reader.pass(end);
  }
  setAttribute(map, key, value);
}

/** Collects the attributes of one message as its fields go by; `EMPTY` is shared where there are none. */
export class AttributeCollector {
  #map: Record<string, AttributeValue> | undefined;

  add(reader: MessageReader, end: number): void {
    this.#map ??= {};
    decodeAttribute(reader, reader.enter(end), this.#map);
  }

  get map(): AttributeMap {
    return this.#map ?? EMPTY;
  }
}
