// Nodes by span id, for traces with very many spans: a table of numbers that costs the garbage collector nothing.
import type { GrowingNode } from './node.ts';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a over the characters of an id, mixed once more so that ids which count up spread over the table. */
function hashOf(id: string): number {
  let hash = OFFSET_BASIS;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), PRIME);
  return hash ^ (hash >>> 15);
}

/** Finds nodes by their span's id; open addressing, at most half full. */
export class IdIndex {
  readonly #nodes: GrowingNode[] = [];
  /** The ids of `#nodes`: fewer steps through memory than by way of the nodes. */
  readonly #ids: string[] = [];
  /** Place in `#nodes` plus one; 0 is free. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** For at most `capacity` nodes. */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, capacity * 2)));
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
  }

  #slotOf(id: string): number {
    let slot = hashOf(id) & this.#mask;
    for (let at = this.#slots[slot] as number; at !== 0; at = this.#slots[slot] as number) {
      if (this.#ids[at - 1] === id) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  get(id: string): GrowingNode | undefined {
    const at = this.#slots[this.#slotOf(id)] as number;
    return at === 0 ? undefined : this.#nodes[at - 1];
  }

  has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  /** Adds a node; returns false, and does nothing, when its span's id is taken. */
  add(node: GrowingNode): boolean {
    const { spanId } = node.span;
    const slot = this.#slotOf(spanId);
    if (this.#slots[slot] !== 0) return false;
    this.#ids.push(spanId);
    this.#slots[slot] = this.#nodes.push(node);
    return true;
  }
}
