// Where in a file each trace ends: the first of the two passes that listing a file takes.
import { SourceError } from '../source-error.ts';
import type { Bytes } from './bytes.ts';
import { decodePiece } from './decode-piece.ts';
import type { Piece } from './piece.ts';
import { readPieces } from './read-pieces.ts';
import type { ReadReport } from './read-report.ts';
import { keysOf, scanKeys } from './trace-keys.ts';

/** For each key of a trace id the number of the last piece that has it; pieces are numbered from 0. */
export type TraceIndex = ReadonlyMap<number, number>;

const NO_KEYS: ReadonlySet<number> = new Set();

function keysIn(name: string, piece: Piece): ReadonlySet<number> {
  if (piece.at === 0) return NO_KEYS;
  const scanned = piece.unit === 'line' ? scanKeys(piece.bytes) : undefined;
  if (scanned !== undefined) return scanned;
  try {
    return keysOf(decodePiece(name, piece).spans);
  } catch (error) {
    if (error instanceof SourceError) return NO_KEYS;
    throw error;
  }
}

/**
 * Indexes a file. A piece that cannot be read has no traces here, nor has one that is the whole file, in which all
 * traces end; the second pass tells about both.
 */
export async function indexTraces(bytes: Bytes, report: ReadReport): Promise<TraceIndex> {
  const index = new Map<number, number>();
  let ordinal = 0;
  report.isQuiet = true;
  for await (const pieces of readPieces(bytes, report)) {
    for (const piece of pieces) {
      for (const key of keysIn(bytes.name, piece)) index.set(key, ordinal);
      ordinal += 1;
    }
  }
  report.isQuiet = false;
  return index;
}
