// A set that remembers only the last so many ids.
export class RecentIds {
  readonly #capacity: number;
  readonly #ring: string[] = [];
  readonly #ids = new Set<string>();
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    if (this.#ids.has(id)) return;
    const forgotten = this.#ring[this.#next];
    if (forgotten !== undefined) this.#ids.delete(forgotten);
    this.#ring[this.#next] = id;
    this.#ids.add(id);
    this.#next = (this.#next + 1) % this.#capacity;
  }
}
