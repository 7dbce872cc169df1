// Protobuf Resource and InstrumentationScope -> the domain's.
import type { Resource, Scope } from '../../trace/span.ts';
import { AttributeCollector } from './decode-attributes.ts';
import type { MessageReader } from './message-reader.ts';

/** A Resource between the reader and `end`. */
export function decodeResource(reader: MessageReader, end: number): Resource {
  const attributes = new AttributeCollector();
  let droppedAttributesCount = 0;
  while (reader.next(end)) {
    if (reader.field === 1) attributes.add(reader, end);
    else if (reader.field === 2) droppedAttributesCount = reader.uint32Varint();
    else reader.pass(end);
  }
  return { attributes: attributes.map, droppedAttributesCount };
}

/** An InstrumentationScope between the reader and `end`. */
export function decodeScope(reader: MessageReader, end: number): Scope {
  const attributes = new AttributeCollector();
  let name = '';
  let version = '';
  let droppedAttributesCount = 0;
  while (reader.next(end)) {
    if (reader.field === 1) name = reader.text(end);
    else if (reader.field === 2) version = reader.text(end);
    else if (reader.field === 3) attributes.add(reader, end);
    else if (reader.field === 4) droppedAttributesCount = reader.uint32Varint();
    else reader.pass(end);
  }
  return { name, version, attributes: attributes.map, droppedAttributesCount };
}
