// Splits a stream of bytes into lines without decoding them.
import { MAX_PIECE_BYTES, tooLarge } from './piece.ts';

/** A line without its line feed; `number` counts from 1, blank lines too. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer;
}

const LINE_FEED = 0x0a;
const SPACES = new Set([0x20, 0x09, 0x0d, 0x0a, 0xef, 0xbb, 0xbf]);

/** Whether there is nothing but white space (or a byte order mark) in it. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => SPACES.has(byte));
}

/** The beginning of a line whose end has not come yet. */
class OpenLine {
  #pieces: Buffer[] = [];
  length = 0;

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  take(end: Buffer): Buffer {
    if (this.length === 0) return end;
    const line = Buffer.concat([...this.#pieces, end]);
    this.#pieces = [];
    this.length = 0;
    return line;
  }
}

/**
 * The lines that have something in them, as many at a time as a chunk ends.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_TOO_LARGE` on a line of more than `maxBytes`.
 */
export async function* splitLines(
  name: string,
  chunks: AsyncIterable<Buffer>,
  maxBytes: number = MAX_PIECE_BYTES,
): AsyncGenerator<Line[]> {
  const open = new OpenLine();
  let number = 0;
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      number += 1;
      const bytes = open.take(chunk.subarray(start, end));
      if (bytes.length > maxBytes) throw tooLarge(name, maxBytes);
      if (!isBlank(bytes)) lines.push({ number, bytes });
      start = end + 1;
    }
    open.add(chunk.subarray(start));
    if (open.length > maxBytes) throw tooLarge(name, maxBytes);
    if (lines.length > 0) yield lines;
  }
  const bytes = open.take(Buffer.alloc(0));
  if (!isBlank(bytes)) yield [{ number: number + 1, bytes }];
}
