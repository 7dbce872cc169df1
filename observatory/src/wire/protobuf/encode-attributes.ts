// The domain's attributes -> protobuf KeyValue and AnyValue.
import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { AttributeMap, AttributeValue } from '../../trace/span.ts';

const LEN = WireType.LengthDelimited;

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

function encodeValue(writer: BinaryWriter, value: AttributeValue): void {
  if (typeof value === 'string') writer.tag(1, LEN).string(value.toWellFormed());
  else if (typeof value === 'boolean') writer.tag(2, WireType.Varint).bool(value);
  else if (typeof value === 'bigint') writer.tag(3, WireType.Varint).int64(value);
  else if (typeof value === 'number') writer.tag(4, WireType.Bit64).double(value);
  else if (value instanceof Uint8Array) writer.tag(7, LEN).bytes(value);
  else if (isList(value)) {
    writer.tag(5, LEN).fork();
    for (const item of value) {
      writer.tag(1, LEN).fork();
      encodeValue(writer, item);
      writer.join();
    }
    writer.join();
  } else if (value !== null) {
    writer.tag(6, LEN).fork();
    encodeAttributes(writer, 1, value);
    writer.join();
  }
}

/** Writes every attribute as a KeyValue in field `fieldNumber` of the message being written. */
export function encodeAttributes(writer: BinaryWriter, fieldNumber: number, attributes: AttributeMap): void {
  for (const key of Object.keys(attributes)) {
    writer.tag(fieldNumber, LEN).fork();
    writer.tag(1, LEN).string(key.toWellFormed());
    writer.tag(2, LEN).fork();
    encodeValue(writer, attributes[key] ?? null);
    writer.join().join();
  }
}
