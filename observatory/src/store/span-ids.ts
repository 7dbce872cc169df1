// Says quickly that a trace with many spans does not have one yet: what it may have is looked up in its parts.

/** Slots of a set at first; a power of two. */
const FIRST_SLOTS = 128;

const scratch = new DataView(new ArrayBuffer(8));

/** 32 bits of a span id, never 0. */
export function printOf(spanId: bigint): number {
  scratch.setBigInt64(0, spanId);
  const mixed = Math.imul(scratch.getUint32(0) ^ 0x9e37_79b1, 0x85eb_ca6b) ^ scratch.getUint32(4);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35) >>> 0 || 1;
}

/** A set of fingerprints, at most half full. */
export class SpanIds {
  #slots = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  /** Adds a fingerprint; `false` when it is there already, of the same span or of another one. */
  add(print: number): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    const at = this.#find(print);
    if (this.#slots[at] === print) return false;
    this.#slots[at] = print;
    this.#size++;
    return true;
  }

  /** The slot of a fingerprint, or the free one where it would be. */
  #find(print: number): number {
    const mask = this.#slots.length - 1;
    let at = print & mask;
    while (this.#slots[at] !== 0 && this.#slots[at] !== print) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const prints = this.#slots;
    this.#slots = new Uint32Array(prints.length * 2);
    for (const print of prints) {
      if (print !== 0) this.#slots[this.#find(print)] = print;
    }
  }
}
