// The fields that every message inside a span may have, and a walk that checks a message against them.
import { WireType } from '@bufbuild/protobuf/wire';
import { type MessageReader, ProtobufError } from './message-reader.ts';

/** How deep lists and maps may nest inside one attribute value. */
export const MAX_VALUE_DEPTH = 64;

/** The declaration of a field: its wire type, and the message inside when it is one. */
interface Field {
  readonly wire: WireType;
  readonly message?: Shape;
}

/** Fields of a message; the index is the field's number. */
export type Shape = (Field | undefined)[];

const TEXT: Field = { wire: WireType.LengthDelimited };
const VARINT: Field = { wire: WireType.Varint };
const FIXED64: Field = { wire: WireType.Bit64 };

function message(inner: Shape): Field {
  return { wire: WireType.LengthDelimited, message: inner };
}

const ANY_VALUE: Shape = [undefined, TEXT, VARINT, VARINT, FIXED64, undefined, undefined, TEXT];
const KEY_VALUE: Shape = [undefined, TEXT, message(ANY_VALUE)];
ANY_VALUE[5] = message([undefined, message(ANY_VALUE)]);
ANY_VALUE[6] = message([undefined, message(KEY_VALUE)]);

/** Messages of `opentelemetry/proto/{common,resource,trace}/v1` (OTLP 1.11). */
export const SHAPES: Record<'attribute' | 'resource' | 'scope' | 'event' | 'status', Shape> = {
  attribute: KEY_VALUE,
  resource: [undefined, message(KEY_VALUE), VARINT],
  scope: [undefined, TEXT, TEXT, message(KEY_VALUE), VARINT],
  event: [undefined, FIXED64, TEXT, message(KEY_VALUE), VARINT],
  status: [undefined, undefined, TEXT, VARINT],
};

/**
 * Checks the message that starts at the reader and ends at `end`, and everything in it; fields that the shape
 * does not know are skipped. Afterwards the same bytes can be decoded without an error.
 * @throws ProtobufError, also when an attribute nests deeper than {@link MAX_VALUE_DEPTH}.
 */
export function checkMessage(reader: MessageReader, end: number, expected: Shape, depth = 0): void {
  const inner = expected === ANY_VALUE ? depth + 1 : depth;
  if (inner > MAX_VALUE_DEPTH) {
    throw new ProtobufError(`an attribute value nests deeper than ${MAX_VALUE_DEPTH} levels`, reader.pos);
  }
  while (reader.next(end)) {
    const field = expected[reader.field];
    if (field === undefined) {
      reader.pass(end);
      continue;
    }
    reader.expect(field.wire);
    if (field.message === undefined) reader.pass(end);
    else checkMessage(reader, reader.enter(end), field.message, inner);
  }
}
