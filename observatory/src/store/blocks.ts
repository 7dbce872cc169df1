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
  reserve(bytes: number): Place {
    const place = this.#shelf.reserve(bytes);
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

  /** The bytes of that part, not copied. */
  bytesAt(parts: Parts, i: number): Buffer {
    const at = parts[i + AT] ?? 0;
    return this.#shelf.get(parts[i + BLOCK] ?? 0).bytes.subarray(at, at + (parts[i + LENGTH] ?? 0));
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

  /**
   * Writes what is in use of a block into others. The parts say so once `keep` has returned, and not at all when it throws.
   */
  clear(block: number, partsOf: PartsOf, keep: () => void): void {
    this.#shelf.seal(block);
    const moves = this.#copyLive(block, partsOf);
    try {
      keep();
    } catch (error) {
      this.cancel();
      throw error;
    }
    this.settle();
    for (const { parts, i, to } of moves) {
      parts[i + BLOCK] = to.id;
      parts[i + AT] = to.at;
      this.#release(block, parts[i + LENGTH] ?? 0);
    }
  }

  #copyLive(block: number, partsOf: PartsOf): { parts: Parts; i: number; to: Place }[] {
    const from = this.#shelf.get(block);
    const moves: { parts: Parts; i: number; to: Place }[] = [];
    const spans = new SpanCursor(from, 0, this.#uses.get(block)?.written ?? 0);
    let end = 0;
    while (spans.next()) {
      if (spans.at < end) continue;
      const parts = partsOf(spans.trace) ?? [];
      const i = indexOfPart(parts, block, spans.at);
      if (i < 0) continue;
      end = spans.at + (parts[i + LENGTH] ?? 0);
      const to = this.reserve(end - spans.at);
      to.block.bytes.set(from.bytes.subarray(spans.at, end), to.at);
      moves.push({ parts, i, to });
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
