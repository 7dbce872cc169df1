// JSON text in pieces: one document, or one value a line, told apart by the first line.
import { type Line, splitLines } from './lines.ts';
import { MAX_PIECE_BYTES, type Piece, type Pieces, tooLarge } from './piece.ts';

const LINE_FEED = Buffer.from('\n');

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function toPiece({ number, bytes }: Line): Piece {
  return { at: number, unit: 'line', bytes, content: 'traces' };
}

async function wholeDocument(
  name: string,
  first: readonly Line[],
  rest: AsyncGenerator<Line[]>,
  maxBytes: number,
): Promise<Piece> {
  const pieces: Buffer[] = [];
  let length = 0;
  const add = (lines: readonly Line[]): void => {
    for (const { bytes } of lines) {
      pieces.push(bytes, LINE_FEED);
      length += bytes.length + 1;
    }
    if (length > maxBytes) throw tooLarge(name, maxBytes);
  };
  add(first);
  for await (const lines of rest) add(lines);
  return { at: 0, unit: 'line', bytes: Buffer.concat(pieces), content: 'traces' };
}

/**
 * The JSON values of a stream. A first line that is JSON on its own makes it JSON lines, read without holding the
 * rest; anything else is one document of at most `maxBytes`.
 */
export async function* jsonPieces(
  name: string,
  chunks: AsyncIterable<Buffer>,
  maxBytes: number = MAX_PIECE_BYTES,
): Pieces {
  const lines = splitLines(name, chunks, maxBytes);
  const first = await lines.next();
  if (first.done === true) return;
  const [line] = first.value;
  if (line !== undefined && !isJson(line.bytes)) {
    yield [await wholeDocument(name, first.value, lines, maxBytes)];
    return;
  }
  yield first.value.map(toPiece);
  for await (const more of lines) yield more.map(toPiece);
}
