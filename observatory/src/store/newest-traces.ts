// Collects what a search finds, as far as it can still be among the newest so many.

/** A trace that was found, with the start of its newest span that matches. */
interface Found {
  readonly traceId: string;
  readonly startNs: bigint;
}

function newestFirst(a: Found, b: Found): number {
  return a.startNs < b.startNs ? 1 : a.startNs > b.startNs ? -1 : 0;
}

export class NewestTraces {
  readonly #limit: number;
  #found: Found[] = [];
  #leastNs: bigint;

  constructor(limit: number, leastNs: bigint) {
    this.#limit = limit;
    this.#leastNs = leastNs;
  }

  /** What starts before has no chance. */
  get leastNs(): bigint {
    return this.#leastNs;
  }

  add(found: Found): void {
    this.#found.push(found);
    if (this.#found.length >= this.#limit * 2) this.#cut();
  }

  /** The newest first. */
  ids(): string[] {
    this.#cut();
    return this.#found.map(({ traceId }) => traceId);
  }

  #cut(): void {
    this.#found = this.#found.sort(newestFirst).slice(0, this.#limit);
    const last = this.#found.at(-1);
    if (this.#found.length === this.#limit && last !== undefined) this.#leastNs = last.startNs + 1n;
  }
}
