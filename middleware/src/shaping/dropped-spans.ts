// Counts the spans that were dropped below an exported one, by name.

import type { Attributes } from '@opentelemetry/api';

/** Total number of spans dropped below this one. */
const DROPPED_SPANS = 'longpole.dropped_spans';
/** Their names, the most frequent first, and how many had each: two arrays of the same length. */
const DROPPED_SPAN_NAMES = 'longpole.dropped_span_names';
const DROPPED_SPAN_COUNTS = 'longpole.dropped_span_counts';

const MOST_NAMES = 10;
/** Stands for all names after the first ten, at the end of the list. */
const OTHER_NAMES = '(other)';

export class DroppedSpans {
  readonly #byName = new Map<string, number>();
  #others = 0;
  #total = 0;

  add(name: string, count = 1): void {
    this.#total += count;
    const before = this.#byName.get(name);
    if (before !== undefined || this.#byName.size < MOST_NAMES) {
      this.#byName.set(name, (before ?? 0) + count);
    } else {
      this.#others += count;
    }
  }

  addAll(dropped: DroppedSpans): void {
    for (const [name, count] of dropped.#byName) this.add(name, count);
    this.#others += dropped.#others;
    this.#total += dropped.#others;
  }

  attributes(): Attributes {
    const entries = [...this.#byName].sort(([, a], [, b]) => b - a);
    if (this.#others > 0) entries.push([OTHER_NAMES, this.#others]);
    return {
      [DROPPED_SPANS]: this.#total,
      [DROPPED_SPAN_NAMES]: entries.map(([name]) => name),
      [DROPPED_SPAN_COUNTS]: entries.map(([, count]) => count),
    };
  }
}
