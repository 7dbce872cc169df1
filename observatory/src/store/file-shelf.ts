// Keeps blocks in the rows of a file, those used last also in memory.
import type { Place, Shelf } from './shelf.ts';
import { type Block, toBlock } from './span-bytes.ts';
import type { StoreFile } from './store-file.ts';

/** Small enough that reading one trace out of a block reads little else. */
const BLOCK_BYTES = 16 * 1024;

/** Bytes of blocks that stay in memory: the spans of one trace come from several senders within seconds. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** Blocks of the cache that are kept for the next ones. */
const SPARE_BLOCKS = 64;

interface FreshBlock {
  readonly id: number;
  readonly block: Block;
  used: number;
}

/** Blocks are numbered by the first arrival in them, as far as that is possible: in the file they are in the order of arrival. */
export class FileShelf implements Shelf {
  readonly #file: StoreFile;
  /** The block that was used longest ago first. */
  readonly #cache = new Map<number, Block>();
  readonly #spare: Block[] = [];
  #cachedBytes = 0;
  #lastId: number;
  /** Blocks of the request that is being taken in; all but the last one are full. */
  #fresh: FreshBlock[] = [];

  constructor(file: StoreFile) {
    this.#file = file;
    this.#lastId = file.lastBlock();
  }

  reserve(bytes: number, arrival: number): Place {
    const last = this.#fresh.at(-1);
    const hasRoom = last !== undefined && last.used + bytes <= last.block.bytes.length;
    const fresh = hasRoom ? last : this.#open(bytes, arrival);
    const at = fresh.used;
    fresh.used += bytes;
    return { id: fresh.id, block: fresh.block, at };
  }

  /** Writes what was reserved into the file, within a transaction. */
  write(): void {
    for (const { id, block, used } of this.#fresh) this.#file.insertBlock(id, block.bytes.subarray(0, used));
  }

  settle(): void {
    for (const { id, block, used } of this.#fresh) {
      // A small request is to hold no memory of a large one.
      const isFull = used > block.bytes.length / 2;
      this.#remember(id, isFull ? block : toBlock(Buffer.from(block.bytes.subarray(0, used))));
      if (!isFull) this.#reuse(block);
    }
    this.#fresh = [];
  }

  cancel(): void {
    this.#fresh = [];
  }

  get(id: number): Block {
    const known = this.#cache.get(id);
    if (known === undefined) return this.#remember(id, toBlock(this.#file.readBlock(id)));
    this.#cache.delete(id);
    this.#cache.set(id, known);
    return known;
  }

  replace(id: number, bytes: Buffer): void {
    this.#file.save(() => this.#file.replaceBlock(id, bytes));
    this.#forget(id);
    this.#remember(id, toBlock(bytes));
  }

  drop(id: number): void {
    this.#forget(id);
    this.#file.removeBlock(id);
  }

  #open(bytes: number, arrival: number): FreshBlock {
    this.#lastId = Math.max(this.#lastId + 1, arrival);
    const spare = bytes <= BLOCK_BYTES ? this.#spare.pop() : undefined;
    const block = spare ?? toBlock(Buffer.allocUnsafeSlow(Math.max(bytes, BLOCK_BYTES)));
    const fresh = { id: this.#lastId, block, used: 0 };
    this.#fresh.push(fresh);
    return fresh;
  }

  #remember(id: number, block: Block): Block {
    this.#cache.set(id, block);
    this.#cachedBytes += block.bytes.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === id) break;
      this.#forget(oldest);
    }
    return block;
  }

  #forget(id: number): void {
    const block = this.#cache.get(id);
    if (block === undefined) return;
    this.#cachedBytes -= block.bytes.length;
    this.#cache.delete(id);
    this.#reuse(block);
  }

  #reuse(block: Block): void {
    if (block.bytes.length === BLOCK_BYTES && this.#spare.length < SPARE_BLOCKS) this.#spare.push(block);
  }
}
