// A map that keeps a fixed number of entries, always those with the smallest keys.

/**
 * Keeps the `limit` entries with the smallest keys it was ever asked for. An entry that is left at the end was never
 * out in between, so what it has counted is exact and does not depend on the order in which keys came.
 */
export class SmallestMap<Key extends string | bigint, Value> {
  readonly #limit: number;
  readonly #entries = new Map<Key, Value>();
  #bound: Key | undefined;
  #isCut = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether there was no room for some keys. */
  get isCut(): boolean {
    return this.#isCut || this.#entries.size > this.#limit;
  }

  /** Entries that are kept. */
  get size(): number {
    return Math.min(this.#entries.size, this.#limit);
  }

  /** The entry of `key`, made when it is new; `undefined` when the key is too large to be kept. */
  open(key: Key, make: () => Value): Value | undefined {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#bound !== undefined && key > this.#bound) return undefined;
    const value = make();
    this.#entries.set(key, value);
    if (this.#entries.size >= this.#limit * 2) this.#cut();
    return value;
  }

  /** The entries, the smallest key first. */
  entries(): [Key, Value][] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, this.#limit);
  }

  #cut(): void {
    const kept = this.entries();
    this.#isCut = true;
    this.#bound = kept.at(-1)?.[0];
    this.#entries.clear();
    for (const [key, value] of kept) this.#entries.set(key, value);
  }
}
