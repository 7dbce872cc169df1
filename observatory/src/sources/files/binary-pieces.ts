// Protobuf in pieces: the ResourceSpans of one TracesData, or messages that each follow their length.

import { groupedText } from '../../trace/duration-text.ts';
import { SourceError } from '../source-error.ts';
import { cutOff, MAX_PIECE_BYTES, type Piece, type Pieces, tooLarge } from './piece.ts';

/** Where a piece lies in the bytes at hand; `undefined` when more of them are needed. */
type Cut = { readonly start: number; readonly end: number; readonly isWanted: boolean } | undefined;
/** @throws NoPiece where the bytes cannot be cut. */
type FindCut = (bytes: Buffer, at: number) => Cut;

class NoPiece extends Error {}

const LENGTH_BYTES = 4;
const LONGEST_VARINT = 10;
const RESOURCE_SPANS_FIELD = 1;
const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5];

function varint(bytes: Buffer, from: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let i = 0; i < LONGEST_VARINT; i += 1) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, next: from + i + 1 };
  }
  throw new NoPiece('a protobuf varint is longer than 10 bytes');
}

function findField(bytes: Buffer, at: number): Cut {
  const tag = varint(bytes, at);
  if (tag === undefined) return undefined;
  const [field, wire] = [Math.floor(tag.value / 8), tag.value & 7];
  const skip = (end: number): Cut => ({ start: tag.next, end, isWanted: false });
  if (wire === FIXED64) return skip(tag.next + 8);
  if (wire === FIXED32) return skip(tag.next + 4);
  const number = wire === VARINT || wire === DELIMITED ? varint(bytes, tag.next) : undefined;
  if (wire === VARINT) return number && skip(number.next);
  if (wire !== DELIMITED || field === 0) {
    throw new NoPiece('there is no valid protobuf field tag');
  }
  if (number === undefined) return undefined;
  return { start: number.next, end: number.next + number.value, isWanted: field === RESOURCE_SPANS_FIELD };
}

function findMessage(bytes: Buffer, at: number): Cut {
  if (bytes.length < at + LENGTH_BYTES) return undefined;
  const start = at + LENGTH_BYTES;
  return { start, end: start + bytes.readUInt32BE(at), isWanted: true };
}

/** Collects bytes until a piece is whole, and cuts it off. */
class Cutter {
  readonly #name: string;
  readonly #find: FindCut;
  readonly #toPiece: (bytes: Buffer, byte: number, number: number) => Piece;
  #waiting: Buffer[] = [];
  #length = 0;
  /** How many bytes must be there before it is of use to look again. */
  #needed = 1;
  #before = 0;
  #number = 0;

  constructor(name: string, find: FindCut, toPiece: (bytes: Buffer, byte: number, number: number) => Piece) {
    this.#name = name;
    this.#find = find;
    this.#toPiece = toPiece;
  }

  add(chunk: Buffer): Piece[] {
    this.#waiting.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return [];
    const bytes = Buffer.concat(this.#waiting);
    const pieces: Piece[] = [];
    let at = 0;
    for (let cut = this.#cut(bytes, at); ; cut = this.#cut(bytes, at)) {
      this.#needed = cut === undefined ? bytes.length - at + 1 : cut.end - at;
      if (cut === undefined || cut.end > bytes.length) break;
      this.#number += 1;
      if (cut.isWanted) {
        pieces.push(this.#toPiece(bytes.subarray(cut.start, cut.end), this.#before + at + 1, this.#number));
      }
      at = cut.end;
    }
    this.#before += at;
    this.#waiting = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#length = bytes.length - at;
    return pieces;
  }

  #cut(bytes: Buffer, at: number): Cut {
    const cut = at < bytes.length ? this.#tryFind(bytes, at) : undefined;
    if (cut !== undefined && cut.end - cut.start > MAX_PIECE_BYTES)
      throw tooLarge(this.#name, MAX_PIECE_BYTES);
    return cut;
  }

  #tryFind(bytes: Buffer, at: number): Cut {
    try {
      return this.#find(bytes, at);
    } catch (error) {
      if (!(error instanceof NoPiece)) throw error;
      const place = `${this.#name}, byte ${groupedText(this.#before + at + 1)}`;
      throw new SourceError('ERR_LONGPOLE_FILE_FORMAT', `${place}: ${error.message}.`, error);
    }
  }

  end(): void {
    if (this.#length > 0) throw cutOff(`${this.#name}, byte ${groupedText(this.#before + 1)}`, 'message');
  }
}

async function* cutPieces(chunks: AsyncIterable<Buffer>, cutter: Cutter): Pieces {
  for await (const chunk of chunks) {
    const pieces = cutter.add(chunk);
    if (pieces.length > 0) yield pieces;
  }
  cutter.end();
}

/** The ResourceSpans of one TracesData, which may be longer than memory. */
export function protobufPieces(name: string, chunks: AsyncIterable<Buffer>): Pieces {
  const toPiece = (bytes: Buffer, byte: number): Piece => ({
    at: byte,
    unit: 'byte',
    bytes,
    content: 'resource spans',
  });
  return cutPieces(chunks, new Cutter(name, findField, toPiece));
}

/** The messages of the Collector's file exporter: four bytes of length (big-endian) before each. */
export function messagePieces(name: string, chunks: AsyncIterable<Buffer>): Pieces {
  const toPiece = (bytes: Buffer, _: number, number: number): Piece => ({
    at: number,
    unit: 'message',
    bytes,
    content: 'traces',
  });
  return cutPieces(chunks, new Cutter(name, findMessage, toPiece));
}
