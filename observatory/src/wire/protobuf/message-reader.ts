// Walks Protocol Buffers messages inside one buffer and refuses every field that leaves its message.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** A body that is not the Protocol Buffers message it should be; `offset` is the byte where reading stopped. */
export class ProtobufError extends Error {
  readonly code = 'ERR_LONGPOLE_PROTOBUF';
  readonly offset: number;
  readonly problem: string;

  constructor(problem: string, offset: number) {
    super(`${problem} at byte ${offset}`);
    this.name = 'ProtobufError';
    this.offset = offset;
    this.problem = problem;
  }
}

/** Bytes of the longest field of fixed width. */
const MAX_FIXED = 8;

/** Varints below this have one byte: nearly all tags, and the lengths of most texts. */
const ONE_BYTE = 0x80;

/** How a wire type is called in an error message (Protocol Buffers encoding, "Message Structure"). */
const WIRE_NAMES: readonly string[] = ['VARINT', 'I64', 'LEN', 'SGROUP', 'EGROUP', 'I32'];

/**
 * Reads field after field: `while (reader.next(end)) switch (reader.field) …`. A message ends at an offset, so
 * nested messages are read in place, without a buffer of their own.
 */
export class MessageReader extends BinaryReader {
  /** The whole body. */
  readonly body: Buffer;
  readonly #numbers: DataView;
  /** The trace id that was read last, and where it is: the next span is often of the same trace. */
  #traceId = '';
  #traceIdAt = -1;
  /** Number and wire type of the field that {@link next} stopped at. */
  field = 0;
  wire: WireType = WireType.Varint;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Moves to the next field of the message that ends at `end`; `false` when there is none. */
  next(end: number): boolean {
    if (this.pos >= end) {
      if (this.pos > end) throw new ProtobufError('a field runs past the end of its message', this.pos);
      return false;
    }
    const start = this.pos;
    const tag = this.#varint();
    this.field = tag >>> 3;
    this.wire = tag & 7;
    if (this.field === 0 || this.pos - start > 5)
      throw new ProtobufError('there is no valid field tag', start);
    return true;
  }

  /** The same as {@link uint32}, which is not inlined, for the many that have one byte. */
  #varint(): number {
    const byte = this.body[this.pos] ?? ONE_BYTE;
    if (byte >= ONE_BYTE) return this.uint32();
    this.pos++;
    return byte;
  }

  /** Throws unless the field has the wire type that its declaration asks for. */
  expect(wire: WireType): void {
    if (this.wire === wire) return;
    const found = WIRE_NAMES[this.wire] ?? String(this.wire);
    throw new ProtobufError(
      `field ${this.field} has wire type ${found} instead of ${WIRE_NAMES[wire]}`,
      this.pos,
    );
  }

  /** Enters a length-delimited field of the message that ends at `end`, and returns where the field ends. */
  enter(end: number): number {
    this.expect(WireType.LengthDelimited);
    const length = this.#varint();
    const fieldEnd = this.pos + length;
    if (fieldEnd > end) {
      throw new ProtobufError(
        `field ${this.field} claims ${length} bytes, ${Math.max(0, end - this.pos)} are left`,
        this.pos,
      );
    }
    return fieldEnd;
  }

  /** Skips the field, whatever it is, inside the message that ends at `end`. */
  pass(end: number): void {
    if (this.wire === WireType.LengthDelimited) this.pos = this.enter(end);
    else if (this.wire === WireType.Varint) this.#varint();
    else if (this.wire === WireType.Bit64) this.#passFixed(8);
    else if (this.wire === WireType.Bit32) this.#passFixed(4);
    else this.skip(this.wire, this.field);
  }

  #passFixed(bytes: number): void {
    this.pos += bytes;
    if (this.pos > this.len) throw new ProtobufError('the body ends inside a field', this.len);
  }

  /** The bytes of a length-delimited field, not copied. */
  slice(end: number): Buffer {
    const fieldEnd = this.enter(end);
    const bytes = this.body.subarray(this.pos, fieldEnd);
    this.pos = fieldEnd;
    return bytes;
  }

  /** The text of a length-delimited field; what is not UTF-8 becomes U+FFFD. */
  text(end: number): string {
    const fieldEnd = this.enter(end);
    const text = this.body.toString('utf8', this.pos, fieldEnd);
    this.pos = fieldEnd;
    return text;
  }

  /** An unsigned 64-bit integer of fixed width. */
  uint64Fixed(): bigint {
    this.expect(WireType.Bit64);
    const value = this.#numbers.getBigUint64(this.pos, true);
    this.pos += 8;
    return value;
  }

  /** The eight bytes at a place as a signed integer, the first byte the highest. */
  int64At(at: number): bigint {
    return this.#numbers.getBigInt64(at);
  }

  /** The sixteen bytes at a place as hex. */
  traceIdAt(at: number): string {
    if (this.#traceIdAt < 0 || !this.#isSameId(at)) {
      this.#traceId = this.body.toString('hex', at, at + 16);
      this.#traceIdAt = at;
    }
    return this.#traceId;
  }

  #isSameId(at: number): boolean {
    const [numbers, last] = [this.#numbers, this.#traceIdAt];
    for (let i = 0; i < 16; i += 4) {
      if (numbers.getUint32(at + i) !== numbers.getUint32(last + i)) return false;
    }
    return true;
  }

  /** An unsigned 32-bit integer of fixed width. */
  uint32Fixed(): number {
    this.expect(WireType.Bit32);
    return this.fixed32();
  }

  /** An unsigned 32-bit integer of variable width. */
  uint32Varint(): number {
    this.expect(WireType.Varint);
    return this.uint32();
  }
}

/** What went wrong at the reader, as a {@link ProtobufError} with the offset. */
export function toProtobufError(reader: MessageReader, cause: unknown): ProtobufError {
  if (cause instanceof ProtobufError) return cause;
  const isCutOff = reader.pos + MAX_FIXED > reader.len;
  const problem = isCutOff ? 'the body ends inside a field' : (cause as Error).message;
  return new ProtobufError(problem, Math.min(reader.pos, reader.len));
}

/** Runs `read` over `bytes`; whatever goes wrong inside becomes a {@link ProtobufError} with the offset. */
export function readMessage<T>(bytes: Uint8Array, read: (reader: MessageReader, end: number) => T): T {
  const reader = new MessageReader(bytes);
  try {
    return read(reader, reader.len);
  } catch (cause) {
    throw toProtobufError(reader, cause);
  }
}
