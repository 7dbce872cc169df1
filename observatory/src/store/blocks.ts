// All blocks of the store: writes parts of traces, reads them, and knows how much of each block is still in use.
import { AT, BLOCK, indexOfPart, LENGTH, PART, type Parts } from './parts.ts';
import type { Place, Shelf } from './shelf.ts';
import { SpanCursor } from './span-bytes.ts';

/** Bytes of a block that were written, and those of them that a stored trace still needs. */
interface Use {
  written: number;
  live: number;
}

/** Whose spans a block has, as far as the blocks know: the parts of a trace by its number. */
export type PartsOf = (trace: number) => Parts | undefined;

/** A part of a trace that is to lie elsewhere in its block. */
interface Move {
  readonly parts: Parts;
  readonly i: number;
  readonly to: number;
}

/** Bytes out of use that are not worth the work of moving what lies between them. */
const TOLERATED_BYTES = 8 * 1024 * 1024;
/** And the share of what is in use that they may be besides. */
const TOLERATED_SHARE = 8;
/** A block is cleared when at least this share of it is out of use. */
const SPARSE_SHARE = 4;

export class Blocks {
  readonly #shelf: Shelf;
  readonly #uses = new Map<number, Use>();
  /** Blocks of which much is out of use, in the order in which they became so. */
  readonly #sparse = new Set<number>();
  #live = 0;
  #dead = 0;
  /** Block and length of what was reserved since the last {@link settle}. */
  #reserved: number[] = [];

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Bytes that blocks take beside those in use. */
  get deadBytes(): number {
    return this.#dead;
  }

  /** Room for a part; it is kept by {@link settle}, or given back by {@link cancel}. */
  reserve(bytes: number, arrival: number): Place {
    const place = this.#shelf.reserve(bytes, arrival);
    this.#reserved.push(place.id, bytes);
    return place;
  }

  /** Makes what was reserved last, where that can fail; before {@link settle}. */
  write(): void {
    this.#shelf.write();
  }

  settle(): void {
    this.#shelf.settle();
    for (let i = 0; i < this.#reserved.length; i += 2) {
      const bytes = this.#reserved[i + 1] ?? 0;
      this.#count(this.#reserved[i] ?? 0, bytes);
    }
    this.#reserved = [];
  }

  cancel(): void {
    this.#shelf.cancel();
    this.#reserved = [];
  }

  /** Takes over a block that the shelf has already, with the bytes of it that are in use. */
  load(block: number, written: number, live: number): void {
    this.#count(block, written);
    this.#release(block, written - live);
  }

  /** The spans of the part at an index of a trace's parts. */
  spansAt(parts: Parts, i: number): SpanCursor {
    const at = parts[i + AT] ?? 0;
    return new SpanCursor(this.#shelf.get(parts[i + BLOCK] ?? 0), at, at + (parts[i + LENGTH] ?? 0));
  }

  /** The parts of a trace are no longer needed. */
  release(parts: Parts): void {
    for (let i = 0; i < parts.length; i += PART) this.#release(parts[i + BLOCK] ?? 0, parts[i + LENGTH] ?? 0);
  }

  #count(block: number, bytes: number): void {
    const use = this.#uses.get(block) ?? { written: 0, live: 0 };
    use.written += bytes;
    use.live += bytes;
    this.#uses.set(block, use);
    this.#live += bytes;
  }

  #release(block: number, bytes: number): void {
    const use = this.#uses.get(block);
    if (use === undefined) return;
    use.live -= bytes;
    this.#live -= bytes;
    this.#dead += bytes;
    if (use.live === 0) this.#drop(block, use);
    else if ((use.written - use.live) * SPARSE_SHARE >= use.written) this.#sparse.add(block);
  }

  /** A block that is to be cleared now, because too much is out of use; `undefined` when there is none. */
  get tooSparse(): number | undefined {
    if (this.#dead <= TOLERATED_BYTES + this.#live / TOLERATED_SHARE) return undefined;
    const [block] = this.#sparse;
    return block;
  }

  /** Writes a block anew with only what is in use of it. May fail, and then changes nothing. */
  clear(block: number, partsOf: PartsOf): void {
    const moves = this.#movesOf(block, partsOf);
    const from = this.#shelf.get(block).bytes;
    const pieces = moves.map(({ parts, i }) => {
      const at = parts[i + AT] ?? 0;
      return from.subarray(at, at + (parts[i + LENGTH] ?? 0));
    });
    const bytes = Buffer.allocUnsafeSlow(pieces.reduce((sum, piece) => sum + piece.length, 0));
    for (const [n, { to }] of moves.entries()) bytes.set(pieces[n] ?? [], to);
    this.#shelf.replace(block, bytes);
    for (const { parts, i, to } of moves) parts[i + AT] = to;
    this.#dead -= (this.#uses.get(block)?.written ?? 0) - bytes.length;
    this.#uses.set(block, { written: bytes.length, live: bytes.length });
    this.#sparse.delete(block);
  }

  /** The parts in a block that are in use, and where they are to go in what is left of it. */
  #movesOf(block: number, partsOf: PartsOf): Move[] {
    const moves: Move[] = [];
    const spans = new SpanCursor(this.#shelf.get(block), 0, this.#uses.get(block)?.written ?? 0);
    let end = 0;
    let to = 0;
    while (spans.next()) {
      if (spans.at < end) continue;
      const parts = partsOf(spans.trace) ?? [];
      const i = indexOfPart(parts, block, spans.at);
      if (i < 0) continue;
      const length = parts[i + LENGTH] ?? 0;
      moves.push({ parts, i, to });
      end = spans.at + length;
      to += length;
    }
    return moves;
  }

  #drop(block: number, use: Use): void {
    this.#dead -= use.written;
    this.#uses.delete(block);
    this.#sparse.delete(block);
    this.#shelf.drop(block);
  }
}
