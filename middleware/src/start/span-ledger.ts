// Counts every span that ends, by what became of it.

import type { SpanCounts } from './types.ts';

type Counts = Omit<SpanCounts, 'queued'>;

/** Whoever takes spans out of a queue must tell the ledger, so that the sums of `TracingStats` stay exact. */
export class SpanLedger {
  readonly #dropped: Record<string, number> = {};
  #started = 0;
  #ended = 0;
  #unsampled = 0;
  #exported = 0;

  started(): void {
    this.#started += 1;
  }

  ended(): void {
    this.#ended += 1;
  }

  unsampled(): void {
    this.#unsampled += 1;
  }

  exported(count: number): void {
    this.#exported += count;
  }

  dropped(cause: string, count: number): void {
    if (count > 0) this.#dropped[cause] = (this.#dropped[cause] ?? 0) + count;
  }

  counts(): Counts {
    return {
      started: this.#started,
      ended: this.#ended,
      unsampled: this.#unsampled,
      exported: this.#exported,
      dropped: { ...this.#dropped },
    };
  }
}
