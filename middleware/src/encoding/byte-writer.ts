// A growing buffer with the primitives of Protocol Buffers.

/** What is longer is copied faster by Node.js itself. */
const LONGEST_LOOP = 24;
/** 2 ** 16. */
const UNIT = 65_536;
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
  at: number;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.at = 0;
  }

  /** Goes on behind what is written already. */
  static behind(written: Buffer): ByteWriter {
    const writer = new ByteWriter(0);
    writer.bytes = written;
    writer.at = written.length;
    return writer;
  }

  /** What is written, not copied. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.at);
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
    // In units of 65 536 both factors stay exact; remainders by subtraction, because `%` of such numbers is slow.
    const units = Math.floor(seconds / UNIT);
    const lower = (seconds - units * UNIT) * 1e9 + nanos;
    const carried = Math.floor(lower / UNIT);
    const high = units * 1e9 + carried;
    const upper = Math.floor(high / UNIT);
    this.fixed32((high - upper * UNIT) * UNIT + (lower - carried * UNIT));
    this.fixed32(upper);
  }

  /** The bytes that hexadecimal digits stand for; what is no digit counts as 0. */
  hex(digits: string): void {
    const { bytes } = this;
    const { length } = digits;
    let { at } = this;
    for (let i = 0; i + 1 < length; i += 2) {
      const high = HEX_VALUE[digits.charCodeAt(i)] ?? 0;
      bytes[at++] = (high << 4) | (HEX_VALUE[digits.charCodeAt(i + 1)] ?? 0);
    }
    this.at = at;
  }

  raw(source: Uint8Array): void {
    const { bytes, at } = this;
    const { length } = source;
    if (length > LONGEST_LOOP) bytes.set(source, at);
    else for (let i = 0; i < length; i++) bytes[at + i] = source[i] as number;
    this.at = at + length;
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
