// A growing buffer with the primitives of Protocol Buffers.

/** First size; spans of a request with an exception's stack trace fit. */
const FIRST_SIZE = 16_384;
/** What is longer is copied faster by Node.js itself. */
const LONGEST_LOOP = 40;
/** Most bytes of a varint. */
const VARINT = 10;

const HEX_VALUE = new Uint8Array(128);
for (let digit = 0; digit < 16; digit++) {
  HEX_VALUE[digit.toString(16).charCodeAt(0)] = digit;
  HEX_VALUE[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

export class ByteWriter {
  bytes: Buffer;
  /** Where the next byte goes. */
  at = 0;

  constructor(size: number = FIRST_SIZE) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Makes room for so many bytes more. */
  reserve(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** A whole number from 0 to 2 ** 32 - 1. */
  varint(value: number): void {
    const { bytes } = this;
    let rest = value;
    while (rest > 0x7f) {
      bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.at++] = rest;
  }

  /** Any whole number that fits into 64 bits, negative ones as their two's complement. */
  int64(value: number): void {
    if (value >= 0 && value <= 0xffff_ffff) {
      this.varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    this.byte(Number(rest));
  }

  /** A whole number from 0 to 2 ** 32 - 1, in 4 bytes. */
  fixed32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.at = at + 4;
  }

  double(value: number): void {
    this.at = this.bytes.writeDoubleLE(value, this.at);
  }

  /** A time as nanoseconds since the Unix epoch, in 64 bits. */
  nanoseconds([seconds, nanos]: readonly [number, number]): void {
    // In units of 65 536 ns both factors stay exact.
    const upper = Math.floor(seconds / 65_536) * 1e9;
    const lower = (seconds % 65_536) * 1e9 + nanos;
    const high = upper + Math.floor(lower / 65_536);
    this.fixed32((high % 65_536) * 65_536 + (lower % 65_536));
    this.fixed32(Math.floor(high / 65_536));
  }

  /** The bytes that hexadecimal digits stand for; what is no digit counts as 0. */
  hex(digits: string): void {
    const { bytes } = this;
    for (let i = 0; i + 1 < digits.length; i += 2) {
      const high = HEX_VALUE[digits.charCodeAt(i)] ?? 0;
      bytes[this.at++] = (high << 4) | (HEX_VALUE[digits.charCodeAt(i + 1)] ?? 0);
    }
  }

  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length > LONGEST_LOOP) this.bytes.set(bytes, this.at);
    else for (let i = 0; i < length; i++) this.bytes[this.at + i] = bytes[i] as number;
    this.at += length;
  }

  /** Text of ASCII characters only; its room must have been made. False, and nothing written, for any other text. */
  ascii(text: string): boolean {
    const { bytes, at } = this;
    const { length } = text;
    if (length > LONGEST_LOOP) return this.#longAscii(text);
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[at + i] = code;
    }
    this.at = at + length;
    return true;
  }

  utf8(text: string): void {
    this.at += this.bytes.write(text, this.at, 'utf8');
  }

  /** Begins a message of unknown length, most likely of 128 to 16 383 bytes; give `end` what is returned. */
  begin(): number {
    this.at += 2;
    return this.at;
  }

  /** Writes the length of the message that began at `start` before it. */
  end(start: number): void {
    const length = this.at - start;
    const size = varintSize(length);
    if (size !== 2) {
      this.reserve(VARINT);
      this.bytes.copyWithin(start - 2 + size, start, this.at);
    }
    this.at = start - 2;
    this.varint(length);
    this.at += length;
  }

  #longAscii(text: string): boolean {
    const written = this.bytes.write(text, this.at, 'utf8');
    if (written !== text.length) return false;
    this.at += written;
    return true;
  }
}

export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}
