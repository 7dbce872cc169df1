// Keeps blocks in the rows of a file, those used last also in memory.
import type { Place, Shelf } from './shelf.ts';
import { type Block, toBlock } from './span-bytes.ts';
import type { StoreFile } from './store-file.ts';

/** Small enough that reading one trace out of a block reads little else. */
const BLOCK_BYTES = 64 * 1024;

/** Bytes of blocks that stay in memory: the spans of one trace come from several senders within seconds. */
const CACHE_BYTES = 32 * 1024 * 1024;

interface FreshBlock {
  readonly id: number;
  readonly block: Block;
  used: number;
}

export class FileShelf implements Shelf {
  readonly #file: StoreFile;
  /** The block that was used longest ago first. */
  readonly #cache = new Map<number, Block>();
  #cachedBytes = 0;
  #nextId: number;
  /** Blocks of the request that is being taken in; all but the last one are full. */
  #fresh: FreshBlock[] = [];

  constructor(file: StoreFile) {
    this.#file = file;
    this.#nextId = file.lastBlock() + 1;
  }

  reserve(bytes: number): Place {
    const last = this.#fresh.at(-1);
    const hasRoom = last !== undefined && last.used + bytes <= last.block.bytes.length;
    const fresh = hasRoom ? last : this.#open(Math.max(bytes, BLOCK_BYTES));
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
    }
    this.#fresh = [];
  }

  cancel(): void {
    this.#fresh = [];
  }

  get(id: number): Block {
    const block = this.#cache.get(id) ?? toBlock(this.#file.readBlock(id));
    this.#forget(id);
    this.#remember(id, block);
    return block;
  }

  drop(id: number): void {
    this.#forget(id);
    this.#file.removeBlock(id);
  }

  /** A block belongs to one request here: nothing is written into it later. */
  seal(): void {}

  #open(bytes: number): FreshBlock {
    const fresh = { id: this.#nextId++, block: toBlock(Buffer.allocUnsafeSlow(bytes)), used: 0 };
    this.#fresh.push(fresh);
    return fresh;
  }

  #remember(id: number, block: Block): void {
    this.#cache.set(id, block);
    this.#cachedBytes += block.bytes.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#cachedBytes <= CACHE_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(id: number): void {
    this.#cachedBytes -= this.#cache.get(id)?.bytes.length ?? 0;
    this.#cache.delete(id);
  }
}
