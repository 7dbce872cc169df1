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
  /** Room for so many bytes in one block, to be written before anything else is asked for. */
  reserve(bytes: number): Place;
  /** Makes what was reserved last, where that can fail; before {@link settle}. */
  write(): void;
  /** Everything that was reserved is to stay. */
  settle(): void;
  /** Nothing of what was reserved since the last {@link settle} is to stay. */
  cancel(): void;
  /** A block that was settled, or is being written. It may be written anew once the block is dropped. */
  get(id: number): Block;
  drop(id: number): void;
  /** Nothing more is to be written into a block. */
  seal(id: number): void;
}
