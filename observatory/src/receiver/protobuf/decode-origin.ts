// Protobuf Resource and InstrumentationScope -> the domain's, and the bytes in which the store keeps both.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Origin } from '../../store/index.ts';
import { serviceOf } from '../../trace/service-name.ts';
import type { Resource, Scope } from '../../trace/span.ts';
import { AttributeCollector } from './decode-attributes.ts';
import { type MessageReader, readMessage } from './message-reader.ts';

function decodeResource(reader: MessageReader, end: number): Resource {
  const attributes = new AttributeCollector();
  let droppedAttributesCount = 0;
  while (reader.next(end)) {
    if (reader.field === 1) attributes.add(reader, end);
    else if (reader.field === 2) droppedAttributesCount = reader.uint32Varint();
    else reader.pass(end);
  }
  return { attributes: attributes.map, droppedAttributesCount };
}

function decodeScope(reader: MessageReader, end: number): Scope {
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

/** Joins the bytes of a Resource and of a scope into the bytes of an origin: fields 1 and 2 of one message. */
export function joinOrigin(resource: Uint8Array, scope: Uint8Array): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .bytes(resource)
    .tag(2, WireType.LengthDelimited)
    .bytes(scope)
    .finish();
}

/** Resource and scope of the bytes that {@link joinOrigin} made. */
export function decodeOrigin(body: Uint8Array): { resource: Resource; scope: Scope } {
  return readMessage(body, (reader, end) => {
    let resource: Resource = { attributes: {}, droppedAttributesCount: 0 };
    let scope: Scope = { name: '', version: '', attributes: {}, droppedAttributesCount: 0 };
    while (reader.next(end)) {
      if (reader.field === 1) resource = decodeResource(reader, reader.enter(end));
      else if (reader.field === 2) scope = decodeScope(reader, reader.enter(end));
      else reader.pass(end);
    }
    return { resource, scope };
  });
}

/** The origin of the spans that one resource and one scope sent. */
export function toOrigin(resource: Uint8Array, scope: Uint8Array): Origin {
  const body = joinOrigin(resource, scope);
  return { service: serviceOf(decodeOrigin(body).resource), body };
}
