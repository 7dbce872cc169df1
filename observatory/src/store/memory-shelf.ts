// Keeps blocks in memory, each filled by one request after the other.
import type { Place, Shelf } from './shelf.ts';
import { type Block, toBlock } from './span-bytes.ts';

const BLOCK_BYTES = 256 * 1024;

/** Empty blocks that are kept for the next ones: what is not given back needs no new memory. */
const SPARE_BLOCKS = 16;

interface OpenBlock {
  readonly id: number;
  readonly block: Block;
  used: number;
}

interface Mark {
  readonly open: OpenBlock | undefined;
  readonly used: number;
}

const NOTHING: Mark = { open: undefined, used: 0 };

export class MemoryShelf implements Shelf {
  readonly #blocks = new Map<number, Block>();
  readonly #spare: Block[] = [];
  #nextId = 1;
  /** The block that is being filled. */
  #open: OpenBlock | undefined;
  /** As it was when the last request was settled, and the blocks that have come since. */
  #settled = NOTHING;
  #fresh: number[] = [];

  reserve(bytes: number): Place {
    if (bytes > BLOCK_BYTES) return { ...this.#add(toBlock(Buffer.allocUnsafeSlow(bytes))), at: 0 };
    if (this.#open === undefined || this.#open.used + bytes > BLOCK_BYTES) {
      const block = this.#spare.pop() ?? toBlock(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      this.#open = { ...this.#add(block), used: 0 };
    }
    const { id, block, used: at } = this.#open;
    this.#open.used += bytes;
    return { id, block, at };
  }

  /** What is in memory cannot fail to be written. */
  write(): void {}

  settle(): void {
    this.#settled = { open: this.#open, used: this.#open?.used ?? 0 };
    this.#fresh = [];
  }

  cancel(): void {
    const { open, used } = this.#settled;
    this.#open = open;
    if (open !== undefined) open.used = used;
    for (const id of this.#fresh) this.drop(id);
    this.#fresh = [];
  }

  get(id: number): Block {
    const block = this.#blocks.get(id);
    if (block === undefined) throw new Error(`There is no block ${id}.`);
    return block;
  }

  replace(id: number, bytes: Buffer): void {
    this.drop(id);
    this.#blocks.set(id, toBlock(bytes));
  }

  drop(id: number): void {
    const block = this.#blocks.get(id);
    this.#blocks.delete(id);
    if (this.#open?.id === id) this.#open = undefined;
    if (this.#settled.open?.id === id) this.#settled = NOTHING;
    if (block?.bytes.length === BLOCK_BYTES && this.#spare.length < SPARE_BLOCKS) this.#spare.push(block);
  }

  #add(block: Block): { id: number; block: Block } {
    const id = this.#nextId++;
    this.#blocks.set(id, block);
    this.#fresh.push(id);
    return { id, block };
  }
}
