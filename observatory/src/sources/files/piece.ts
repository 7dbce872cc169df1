// One piece of a file that can be decoded on its own, and where it stood.
import { groupedText } from '../../trace/duration-text.ts';
import { SourceError } from '../source-error.ts';

export interface Piece {
  /** The line, message or byte at which the piece begins; 0 where the piece is the whole file. */
  readonly at: number;
  readonly unit: 'line' | 'message' | 'byte';
  readonly bytes: Buffer;
  /** What the bytes are: JSON text or TracesData, told by their first byte, or one ResourceSpans of a longer TracesData. */
  readonly content: 'traces' | 'resource spans';
}

/** Pieces in their order, many at a time; those of one list share memory that may be reused after it. */
export type Pieces = AsyncGenerator<readonly Piece[]>;

/** Most bytes of one piece: more does not fit into one string safely. */
export const MAX_PIECE_BYTES: number = 256 * 1024 * 1024;

/** `traces.jsonl, line 3`, for sentences. */
export function placeOf(name: string, { at, unit }: Piece): string {
  return at === 0 ? name : `${name}, ${unit} ${groupedText(at)}`;
}

/** The error of a piece that ends in the middle. */
export function cutOff(place: string, what: string, cause?: unknown): SourceError {
  const text = `${place}: the ${what} ends in the middle; the file is cut off, or is still being written.`;
  return new SourceError('ERR_LONGPOLE_FILE_TRUNCATED', text, cause);
}

/** The error of a piece that is longer than can be held. */
export function tooLarge(name: string, maxBytes: number): SourceError {
  const text = `${name} is one document of more than ${groupedText(maxBytes)} bytes; write it as JSON lines, one export a line.`;
  return new SourceError('ERR_LONGPOLE_SOURCE_TOO_LARGE', text);
}
