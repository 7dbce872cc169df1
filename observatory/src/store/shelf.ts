// Where blocks are kept: the part of the store that differs between memory and a file.
import type { Block } from './span-bytes.ts';

/** A place in a block. */
export interface Place {
  /** Number of the block; it is never given to another one. */
  readonly id: number;
  readonly block: Block;
  readonly at: number;
}

/**
 * Keeps blocks by their numbers. What is reserved between two calls of {@link settle} belongs to one request and is kept as
 * a whole or not at all.
 */
export interface Shelf {
  /** Room for so many bytes of an arrival in one block, to be written before anything else is asked for. */
  reserve(bytes: number, arrival: number): Place;
  /** Makes what was reserved last, where that can fail; before {@link settle}. */
  write(): void;
  /** Everything that was reserved is to stay. */
  settle(): void;
  /** Nothing of what was reserved since the last {@link settle} is to stay. */
  cancel(): void;
  /** A block that was settled; it may be written anew once it is dropped, or another one is asked for. */
  get(id: number): Block;
  /** Gives a block other bytes, to which nothing is added later. May fail, and then changes nothing. */
  replace(id: number, bytes: Buffer): void;
  drop(id: number): void;
}
