// Every span of a file, in its order.
import type { Span } from '../../trace/span.ts';
import type { Bytes } from './bytes.ts';
import { decodePiece } from './decode-piece.ts';
import type { Piece } from './piece.ts';
import { readPieces } from './read-pieces.ts';
import type { ReadReport } from './read-report.ts';

const NO_SPANS: readonly Span[] = [];

/** The spans of one piece; none when it cannot be read, which `report` then has. */
export function spansOf(name: string, piece: Piece, report: ReadReport): readonly Span[] {
  try {
    const decoded = decodePiece(name, piece);
    report.decoded(decoded.format, decoded);
    return decoded.spans;
  } catch (error) {
    report.skip(error);
    return NO_SPANS;
  }
}

/** All spans, as many at a time as a piece has; of the pieces that `isWanted` says yes to. */
export async function* readSpans(
  bytes: Bytes,
  report: ReadReport,
  isWanted: (piece: Piece) => boolean = () => true,
): AsyncGenerator<readonly Span[]> {
  for await (const pieces of readPieces(bytes, report)) {
    for (const piece of pieces) if (isWanted(piece)) yield spansOf(bytes.name, piece, report);
  }
}
