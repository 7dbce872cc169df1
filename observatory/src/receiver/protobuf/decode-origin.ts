// Protobuf Resource and InstrumentationScope -> the domain's, and the bytes in which the store keeps both.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Origin } from '../../store/index.ts';
import { serviceOf } from '../../trace/service-name.ts';
import type { Resource, Scope } from '../../trace/span.ts';
import { decodeResource, decodeScope } from '../../wire/protobuf/decode-resource.ts';
import { readMessage } from '../../wire/protobuf/message-reader.ts';

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
