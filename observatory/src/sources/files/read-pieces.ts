// From bytes to pieces: counted, unpacked and cut as their first bytes say.
import { SourceError } from '../source-error.ts';
import { messagePieces, protobufPieces } from './binary-pieces.ts';
import type { Bytes } from './bytes.ts';
import { jsonPieces } from './json-pieces.ts';
import { peek } from './peek.ts';
import type { Pieces } from './piece.ts';
import type { ReadReport } from './read-report.ts';
import { type Layout, SNIFF_BYTES, sniff } from './sniff.ts';
import { unpack } from './unpack.ts';

const CUT: Readonly<Record<Layout, (name: string, chunks: AsyncIterable<Buffer>) => Pieces>> = {
  json: jsonPieces,
  protobuf: protobufPieces,
  messages: messagePieces,
};

async function* counted(bytes: Bytes, report: ReadReport): AsyncGenerator<Buffer> {
  report.begin(await bytes.size());
  for await (const chunk of bytes.open()) {
    report.advance(chunk.length);
    yield chunk;
  }
}

/**
 * The pieces of a file, from its beginning. A file that is cut off ends with its last whole piece, and `report` has it.
 * @throws SourceError
 */
export async function* readPieces(bytes: Bytes, report: ReadReport): Pieces {
  const { name } = bytes;
  const { head, all } = await peek(unpack(name, counted(bytes, report)), SNIFF_BYTES);
  let isEmpty = true;
  try {
    for await (const pieces of CUT[sniff(name, head)](name, all)) {
      isEmpty = false;
      yield pieces;
    }
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'ERR_LONGPOLE_FILE_TRUNCATED') throw error;
    isEmpty = false;
    report.skip(error);
  }
  if (isEmpty) throw new SourceError('ERR_LONGPOLE_FILE_EMPTY', `${name} is empty.`);
}
