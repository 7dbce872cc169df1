// The parts of a trace: stretches of blocks, each with its spans of one service out of one request.

/**
 * Four numbers for each part, one after the other: a store has hundreds of thousands of them, and an object each would take
 * more memory than a small span.
 */
export type Parts = number[];

/** How many numbers a part has. */
export const PART = 4;

/** Bytes that a part takes, with what is noted of its names; roughly. */
export const PART_BYTES = 64;

// Places of the numbers in a part.
export const BLOCK = 0;
export const AT = 1;
export const LENGTH = 2;
export const SERVICE = 3;

/** Where the part that begins at a place of a block is in the list; -1 when there is none. */
export function indexOfPart(parts: Parts, block: number, at: number): number {
  for (let i = 0; i < parts.length; i += PART) {
    if (parts[i + AT] === at && parts[i + BLOCK] === block) return i;
  }
  return -1;
}
